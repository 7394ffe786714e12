/// The VPC on one machine: a fabric that drops and counts every packet that a real VPC would drop.
///
/// ## Starting points
/// - [LocalVpc] has router, internet and nodes, each a network namespace.
/// - [Fabric] makes the links follow what the EC2 API says is attached; one thread, level-triggered.
/// - [RouterPlan] is the router's configuration as text; pure.
/// - [DropCounts] are the dropped packets by reason.
///
/// ## Invariants
/// - Each ENI is a layer 2 of its own. The router alone answers ARP, for itself and for assigned addresses.
/// - A packet leaves an ENI's link only if its source address is assigned to that ENI, and arrives only at the ENI
///   that owns its destination.
/// - Only primary addresses of ENIs reach the internet, because only those have public addresses.
@NullMarked
package io.vpceni.lab.vpc;

import org.jspecify.annotations.NullMarked;
