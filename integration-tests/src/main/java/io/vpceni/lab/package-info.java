/// The local VPC.
@NullMarked
package io.vpceni.lab;

import org.jspecify.annotations.NullMarked;
