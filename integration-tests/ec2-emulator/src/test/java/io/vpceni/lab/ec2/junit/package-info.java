@NullMarked
package io.vpceni.lab.ec2.junit;

import org.jspecify.annotations.NullMarked;
