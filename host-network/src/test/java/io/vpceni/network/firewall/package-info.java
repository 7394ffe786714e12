@NullMarked
package io.vpceni.network.firewall;

import org.jspecify.annotations.NullMarked;
