@NullMarked
package io.vpceni.pool.journal;

import org.jspecify.annotations.NullMarked;
