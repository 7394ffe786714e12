/// [EmulatedEc2Extension]: an EC2 for each test of JUnit 5 and 6. `junit-jupiter-api` is the caller's own dependency.
@NullMarked
package io.vpceni.lab.ec2.junit;

import org.jspecify.annotations.NullMarked;
