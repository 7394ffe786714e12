@NullMarked
package io.vpceni.lab.vpc;

import org.jspecify.annotations.NullMarked;
