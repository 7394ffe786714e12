/// The owner loop: one thread that holds the pool's state, and the work in EC2 and the kernel that it asks for.
///
/// ## Starting points
/// - [OwnerLoop] is what happens with one message: the pool decides, the journal is written, then callers are answered
///   and EC2 is asked. It has no thread, so a simulation can call it.
/// - [PoolOwner] is the mailbox and the thread around it. Everyone else sends it messages and gets answers as futures.
/// - [CloudWork] carries out one request of EC2 and the kernel, blocking; [CloudRequests] runs each on a virtual thread
///   and reports back by message.
///
/// ## Invariants
/// - Only the owner's thread touches the [io.vpceni.pool.WarmPool].
/// - Nothing of one decision is acted upon before all of its journal records are written.
/// - The owner waits for the journal's disk, but never for EC2, the kernel or a caller.
/// - Every ticket is answered exactly once; at the latest when the owner closes.
@NullMarked
package io.vpceni.ipamd.owner;

import org.jspecify.annotations.NullMarked;
