/// What is asked of EC2 and the kernel about each ENI of this node, step by step: from the pool's request for an ENI
/// until it is deleted.
///
/// Pure: no I/O, no clock, no thread, no logger. What is pending is data, never a lambda, so that it can be listed
/// ([EniStateMachine#pendingCalls]). `EniLoop` carries the effects out; the simulation does the same with a simulated
/// EC2.
///
/// ## Starting points
/// - [EniStateMachine] takes an [EniMessage] and gives [EniEffect]s.
/// - [PendingOperation] is what each open call is for, [DelayedOperation] what waits for its time.
/// - [Intent] is what is on disk before EC2 is asked.
///
/// ## Invariants
/// - No step creates, attaches, detaches or deletes an ENI, or sets DeleteOnTermination, before its intent is written.
///   Blocks, tags and security groups have no intent: each view of EC2 shows what became of those calls.
/// - A view that was asked for before a change ended says nothing about what was changed.
/// - One device index is promised once.
@NullMarked
package io.vpceni.eni.lifecycle;

import org.jspecify.annotations.NullMarked;
