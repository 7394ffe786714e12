/// The life of an ENI: what EC2 and the kernel are asked, step by step, from the wish for an ENI to its last trace.
///
/// Pure: no I/O, no clock, no thread, no logger. ipamd's `CloudLoop` carries the effects out; the simulation and the
/// fleet do the same with made-up EC2s.
///
/// ## Starting points
/// - [EniStateMachine] takes an [EniMessage] and gives [EniEffect]s.
/// - [Intent] is what is on disk before EC2 is asked.
///
/// ## Invariants
/// - No step changes EC2 before its intent is written.
/// - A view that was asked for before a change ended says nothing about what was changed.
/// - One device index is promised once.
@NullMarked
package io.vpceni.eni.lifecycle;

import org.jspecify.annotations.NullMarked;
