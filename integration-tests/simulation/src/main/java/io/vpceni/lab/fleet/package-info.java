/// A fleet of nodes that start together and share one account's request buckets, in simulated time.
///
/// [FleetPlan] says what is run, [Fleet#run] runs it, [FleetReport] prints what came of it; `docs/api-budget.md` has
/// the table. [ProductNode] is made of production classes, [AwsLikeNode] of the model of the AWS
/// VPC CNI.
///
/// One thread: nodes are plain objects, everything that happens is an entry of one [Timeline].
@NullMarked
package io.vpceni.lab.fleet;

import org.jspecify.annotations.NullMarked;
