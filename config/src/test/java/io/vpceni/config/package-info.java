@NullMarked
package io.vpceni.config;

import org.jspecify.annotations.NullMarked;
