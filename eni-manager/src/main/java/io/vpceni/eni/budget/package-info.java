/// How often this node asks EC2, in which order, and what is asked again.
///
/// EC2 counts requests per account, region and action in a token bucket each; whoever finds it empty is answered
/// `RequestLimitExceeded`. All nodes of a cluster and everybody else in the account share these buckets, and no node
/// sees the others. In prose, with what a whole fleet reaches: `docs/api-budget.md`.
///
/// Pure: no I/O, no clock, no thread, no logger. Time comes in with every question.
///
/// ## Starting points
/// - [CallDesk] takes calls and says which leave now.
/// - [BudgetSettings] has every number.
/// - [PatientEc2] is a desk for code that makes one call and waits for it.
///
/// ## Invariants
/// - Here alone calls are made again. What changes something is made again only when EC2 said that it did not do it.
/// - Every call that was taken leaves, and ends: answered, or failed for good after a bounded time.
/// - No call is overtaken without end.
@NullMarked
package io.vpceni.eni.budget;

import org.jspecify.annotations.NullMarked;
