/// Tests that need no root.
@NullMarked
package io.vpceni.network;

import org.jspecify.annotations.NullMarked;
