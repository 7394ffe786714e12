/// What-if, without a daemon and without AWS: `ipamctl plan` sizes a node, `ipamctl replay` runs a trace of pods
/// through each policy.
///
/// ## Starting points
/// - [PlanCommand] and [ReplayCommand] are the two subcommands.
/// - [PlannedNode] is a node that pods come to: [WarmNode] runs the product's own pool, [AwsVpcCniNode] does what the
///   AWS VPC CNI does. Both act on a simulated EC2 whose answers take [Latencies].
/// - [PlanTotals] counts what became of it; [Trace] is what comes and goes, and [Traces] makes those that are shipped.
@NullMarked
package io.vpceni.ipamctl.plan;

import org.jspecify.annotations.NullMarked;
