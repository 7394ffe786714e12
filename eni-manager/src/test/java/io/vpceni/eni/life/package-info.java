@NullMarked
package io.vpceni.eni.life;

import org.jspecify.annotations.NullMarked;
