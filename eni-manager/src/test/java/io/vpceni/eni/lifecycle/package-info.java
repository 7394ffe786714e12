@NullMarked
package io.vpceni.eni.lifecycle;

import org.jspecify.annotations.NullMarked;
