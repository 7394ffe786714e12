/// The owner loop: one thread that holds the pool's state, and the growth that it asks for.
///
/// ## Starting points
/// - [PoolOwner] is the mailbox and its thread. Everyone else sends it messages and gets answers as futures.
/// - [Ec2Growth] carries out what the pool wants of EC2 and the kernel, on virtual threads, and reports back by
/// message.
///
/// ## Invariants
/// - Only the owner's thread touches the [io.vpceni.pool.WarmPool].
/// - The owner never waits for EC2, the kernel or a caller.
/// - Every ticket is answered exactly once; at the latest when the owner closes.
@NullMarked
package io.vpceni.ipamd.owner;

import org.jspecify.annotations.NullMarked;
