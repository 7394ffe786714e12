/// What the local VPC knows of the EC2 API behind it, whichever that is, and the world that is built through it.
@NullMarked
package io.vpceni.lab.world;

import org.jspecify.annotations.NullMarked;
