@NullMarked
package io.vpceni.pool.policy;

import org.jspecify.annotations.NullMarked;
