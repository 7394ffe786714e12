/// The VPC on one machine: a fabric that loses, and counts, every packet that a real VPC would lose.
///
/// ## Starting points
/// - [LocalVpc] is the whole: router, internet, nodes, each a network namespace.
/// - [Fabric] makes the links follow what the EC2 API says is attached; one thread, level-triggered.
/// - [RouterPlan] is what the router's namespace is told, as text; pure.
/// - [DropCounts] is what the fabric lost, and why.
///
/// ## Invariants
/// - Each ENI is a layer 2 of its own. The router alone answers ARP, for itself and for assigned addresses.
/// - A packet leaves an ENI's link only if its source address is assigned to that ENI, and arrives only at the ENI
///   that owns its destination.
/// - To the internet only primary addresses of ENIs go: only those are mapped to public ones.
@NullMarked
package io.vpceni.lab.vpc;

import org.jspecify.annotations.NullMarked;
