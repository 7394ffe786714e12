/// A model of EC2 in memory.
///
/// ## Starting points
/// - [SimulatedVpc] has the ENIs of a VPC as they are, and as they were up to some minutes ago.
/// - [SimulatedEni] is one ENI, [SimulatedSubnet] one subnet with the owner of each address.
///
/// ## Invariants
/// - Pure: no I/O, no clock, no thread, no random number. The caller passes the time, and where a search for a free
///   address begins.
/// - No class of the daemon knows this package: it is for the simulation and for `ipamctl plan`.
@NullMarked
package io.vpceni.eni.model;

import org.jspecify.annotations.NullMarked;
