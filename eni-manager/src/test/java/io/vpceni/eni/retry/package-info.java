@NullMarked
package io.vpceni.eni.retry;

import org.jspecify.annotations.NullMarked;
