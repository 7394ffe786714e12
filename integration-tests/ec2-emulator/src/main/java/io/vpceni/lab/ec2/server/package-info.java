/// The EC2 as a program of its own: [Ec2Server] is `main` of the jar. `./lab ec2` has more options.
@NullMarked
package io.vpceni.lab.ec2.server;

import org.jspecify.annotations.NullMarked;
