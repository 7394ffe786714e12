/// Rate limit, priorities and retries of this node's EC2 calls.
///
/// EC2 has a token bucket per account, region and action, and answers `RequestLimitExceeded` when it is empty. All
/// nodes of a cluster and all other clients of the account share these buckets, and no node sees the others.
/// `docs/api-budget.md` has the measurements for whole fleets.
///
/// Pure: no I/O, no clock, no thread, no logger. Time is a parameter of each method. Code that makes one call and waits
/// for it uses `io.vpceni.eni.retry`.
///
/// ## Starting points
/// - [RequestScheduler] takes calls and says which to send now.
/// - [BudgetSettings] has every number.
///
/// ## Invariants
/// - A call that changes something is retried here only when EC2 said that it was not carried out. What follows a lost
///   answer is decided by the state machine: it repeats a creation with the same token and DeleteOnTermination, which
///   can be done twice, and reads from EC2 what became of any other call.
/// - Every submitted call is sent or withdrawn, and ends after a bounded time: answered or failed.
/// - No call starves.
@NullMarked
package io.vpceni.eni.budget;

import org.jspecify.annotations.NullMarked;
