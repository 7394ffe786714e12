/// The warm pool: which addresses the node holds, who has them, when to ask EC2 for more and when to give back.
/// In prose, with its tables: `docs/warm-pool.md`.
///
/// Pure: no I/O, no clock, no logger, no thread. Time comes in with every message.
///
/// ## Starting points
/// - [WarmPool#handle] is everything: one [Message] in, a list of [Effect] out. [WarmPool] says how it starts.
/// - `Block` is a secondary address or a prefix. It has a `BlockState` (active, quarantined, leaving, disputed), and
///   each `PooledAddress` in it a use (free, assigned, cooling, or with an unknown holder). An impossible transition
///   throws.
/// - `AddressBook` makes the transitions, keeps what is sorted by them, and writes the [JournalRecord]. `BlockIndex`
///   finds ENIs and blocks, `BlockInsertion` takes in what EC2 has given, `AddressSelection` says which block serves
///   the next ADD and keeps the sums.
/// - `StockController` compares the stock with what [io.vpceni.pool.policy.Policy] wants, after each message.
/// - `Growth` asks EC2 for more: `GrowthSizing` says for how much and where, `GrowthLimits` how much is allowed,
///   `GrowthBackoffs` what is not repeated yet, `GrowthRequests` what is on its way.
/// - `Shrink` puts what nobody needs into `Quarantine`; `Reclamation` has it verified and gives it back.
/// - `PooledEni` is an ENI with its blocks. One request about it is pending at a time: its `EniActivity`.
/// - `Reconciler` compares with what EC2 and the kernel show.
/// - `WaitingAdds`, `Tombstones` and `PendingDels` are what ADDs and DELs leave behind while they are not over.
/// - [PoolSnapshot] is what others may see.
///
/// ## Invariants
/// - An address is in exactly one [AddressState], with at most one sandbox; a key has at most one address.
/// - A cooling address has no holder and is not stock.
/// - What has to outlive ipamd is an [Effect.Write], and comes before all other effects of the same message.
/// - Nothing goes back to EC2 but what EC2 lists and no sandbox holds; EC2 and the kernel are asked after it came
///   into quarantine.
/// - No single view takes an address from anybody, or makes one free.
/// - An ADD is answered once: with an address, or at its deadline with a reason, or cancelled by its DEL.
/// - While somebody waits nothing is assignable; who came first is served first.
/// - Never more ENIs or addresses are asked for than the node, the ENI, MAX_ENI and the cap on pods allow.
/// - Nothing depends on hash order: the same messages at the same times make the same effects.
@NullMarked
package io.vpceni.pool;

import org.jspecify.annotations.NullMarked;
