/// The CNI plugin.
@NullMarked
package io.vpceni.cni;

import org.jspecify.annotations.NullMarked;
