@NullMarked
package io.vpceni.lab.linklocal;

import org.jspecify.annotations.NullMarked;
