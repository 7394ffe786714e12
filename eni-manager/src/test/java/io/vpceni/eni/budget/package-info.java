@NullMarked
package io.vpceni.eni.budget;

import org.jspecify.annotations.NullMarked;
