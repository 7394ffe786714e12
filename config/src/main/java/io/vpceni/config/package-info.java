/// Settings, addresses and the conflist.
@NullMarked
package io.vpceni.config;

import org.jspecify.annotations.NullMarked;
