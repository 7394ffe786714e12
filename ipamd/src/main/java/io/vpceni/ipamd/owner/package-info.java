/// The two owners: one thread holds the pool's state, another one that of this node's ENIs; and the execution of their
/// effects in EC2 and the kernel.
///
/// ## Starting points
/// - [PoolOwner] and [EniOwner] are the mailbox and the thread around [io.vpceni.pool.loop.PoolLoop] and
///   [io.vpceni.eni.loop.EniLoop], which do the work of one message. Everyone else sends them messages.
/// - [EniEffectExecutor] carries out the effects of [io.vpceni.eni.loop.EniLoop] on virtual threads, and reports back
///   by message.
///
/// ## Invariants
/// - Only the pool's owner uses the [io.vpceni.pool.WarmPool], only the ENIs' owner the
///   [io.vpceni.eni.lifecycle.EniStateMachine].
/// - No effect of a decision is carried out before all of its records, or intents, are written.
/// - An owner waits for its own disk, but never for EC2, the kernel or a caller. The ENIs' owner may wait for the
///   pool's mailbox; the pool's owner never waits for the ENIs'.
/// - Every ticket is answered exactly once; at the latest when the owner closes.
@NullMarked
package io.vpceni.ipamd.owner;

import org.jspecify.annotations.NullMarked;
