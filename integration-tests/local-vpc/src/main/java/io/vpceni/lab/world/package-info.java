/// The VPC of a lab, built through the EC2 API behind it, whichever that is: subnets, security group, instances.
@NullMarked
package io.vpceni.lab.world;

import org.jspecify.annotations.NullMarked;
