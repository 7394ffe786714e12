/// The port between an EC2 API and the network that follows it.
///
/// [VpcBackend] is an EC2 API, [FabricEni] one of the ENIs that it says are attached, [Region] the names that follow
/// from its region.
@NullMarked
package io.vpceni.lab.backend;

import org.jspecify.annotations.NullMarked;
