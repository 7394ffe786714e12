/// What the pool's owner does with one message: the pool decides, the journal is written, then callers are answered and
/// EC2 is asked.
///
/// [PoolLoop] has no thread, no mailbox and no clock, so that the daemon and the simulation run the same class. Above
/// [io.vpceni.pool.WarmPool] and the port [io.vpceni.pool.journal.Journal], which know nothing of it.
///
/// ## Invariants
/// - Nothing of one decision is acted upon before all of its records are in the journal.
/// - Every ADD is answered exactly once; at the latest by [PoolLoop#end].
@NullMarked
package io.vpceni.pool.loop;

import org.jspecify.annotations.NullMarked;
