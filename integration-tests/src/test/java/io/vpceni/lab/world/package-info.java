@NullMarked
package io.vpceni.lab.world;

import org.jspecify.annotations.NullMarked;
