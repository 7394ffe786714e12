/// The two owners: one thread holds the pool's state, another one that of this node's ENIs; and the work in EC2 and the
/// kernel that they ask for.
///
/// ## Starting points
/// - [PoolLoop] is what happens with one message of the pool's: the pool decides, the journal is written, then callers
///   are answered and EC2 is asked. [EniLoop] is the same for ENIs: intents are written, then calls wait for their
///   turn. Neither has a thread, so a simulation can call them.
/// - [PoolOwner] and [EniOwner] are the mailbox and the thread around each. Everyone else sends them messages.
/// - [EniEffectExecutor] carries out what the cloud's loop wants, blocking, on virtual threads, and reports back by
///   message.
///
/// ## Invariants
/// - Only the owner's thread touches the [io.vpceni.pool.WarmPool], only the other's the
///   [io.vpceni.eni.life.EniStateMachine].
/// - Nothing of one decision is acted upon before all of its records, or intents, are written.
/// - An owner waits for its own disk, but never for EC2, the kernel or a caller. The cloud's may wait for the pool's
///   mailbox; the pool's never waits for the cloud's.
/// - Every ticket is answered exactly once; at the latest when the owner closes.
@NullMarked
package io.vpceni.ipamd.owner;

import org.jspecify.annotations.NullMarked;
