@NullMarked
package io.vpceni.pool;

import org.jspecify.annotations.NullMarked;
