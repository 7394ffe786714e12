/// How many addresses a node should hold: pure functions from the pool's numbers to what is wanted.
///
/// ## Starting points
/// - [Policy] is the one interface: a [PoolCounts] in, a [WarmTarget] out. [Policies] finds the one that the settings
///   name.
/// - [AwsTargets] is the default, with the AWS VPC CNI's targets; [Cilium] and [Azure] are those systems' formulas.
/// - [Demand] learns. What it learns from is [ArrivalStats]: what the pool has seen come and go.
///
/// ## Invariants
/// - A policy remembers nothing: [ArrivalStats] is the only memory, and bounded.
/// - No policy counts a cooling address as stock, or asks beyond the pods that a node may run.
@NullMarked
package io.vpceni.pool.policy;

import org.jspecify.annotations.NullMarked;
