/// The journal of the pool's decisions.
@NullMarked
package io.vpceni.pool.journal;

import org.jspecify.annotations.NullMarked;
