/// Tests that need no root.
@NullMarked
package io.vpceni.network.drift;

import org.jspecify.annotations.NullMarked;
