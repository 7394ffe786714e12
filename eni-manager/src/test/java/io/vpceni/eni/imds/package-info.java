@NullMarked
package io.vpceni.eni.imds;

import org.jspecify.annotations.NullMarked;
