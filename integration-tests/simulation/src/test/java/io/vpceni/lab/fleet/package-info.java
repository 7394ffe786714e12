@NullMarked
package io.vpceni.lab.fleet;

import org.jspecify.annotations.NullMarked;
