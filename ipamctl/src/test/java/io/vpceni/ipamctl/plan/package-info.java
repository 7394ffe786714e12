@NullMarked
package io.vpceni.ipamctl.plan;

import org.jspecify.annotations.NullMarked;
