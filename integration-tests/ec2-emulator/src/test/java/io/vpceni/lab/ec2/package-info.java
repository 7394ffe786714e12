@NullMarked
package io.vpceni.lab.ec2;

import org.jspecify.annotations.NullMarked;
