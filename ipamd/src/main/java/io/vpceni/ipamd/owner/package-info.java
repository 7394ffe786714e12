/// The two owners: one thread holds the pool's state, another one that of this node's ENIs; and the work in EC2 and the
/// kernel that they ask for.
///
/// ## Starting points
/// - [PoolOwner] and [EniOwner] are the mailbox and the thread around [io.vpceni.pool.loop.PoolLoop] and
///   [io.vpceni.eni.loop.EniLoop], which do the work of one message. Everyone else sends them messages.
/// - [EniEffectExecutor] carries out what the cloud's loop wants, blocking, on virtual threads, and reports back by
///   message.
///
/// ## Invariants
/// - Only the owner's thread touches the [io.vpceni.pool.WarmPool], only the other's the
///   [io.vpceni.eni.lifecycle.EniStateMachine].
/// - Nothing of one decision is acted upon before all of its records, or intents, are written.
/// - An owner waits for its own disk, but never for EC2, the kernel or a caller. The cloud's may wait for the pool's
///   mailbox; the pool's never waits for the cloud's.
/// - Every ticket is answered exactly once; at the latest when the owner closes.
@NullMarked
package io.vpceni.ipamd.owner;

import org.jspecify.annotations.NullMarked;
