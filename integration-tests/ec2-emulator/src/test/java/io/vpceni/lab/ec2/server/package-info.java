@NullMarked
package io.vpceni.lab.ec2.server;

import org.jspecify.annotations.NullMarked;
