@NullMarked
package io.vpceni.lab.imds;

import org.jspecify.annotations.NullMarked;
