/// The VPC of a lab, created through its EC2 API: subnets, security group, instances.
@NullMarked
package io.vpceni.lab.world;

import org.jspecify.annotations.NullMarked;
