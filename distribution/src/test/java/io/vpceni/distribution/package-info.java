@NullMarked
package io.vpceni.distribution;

import org.jspecify.annotations.NullMarked;
