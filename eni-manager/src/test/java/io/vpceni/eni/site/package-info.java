@NullMarked
package io.vpceni.eni.site;

import org.jspecify.annotations.NullMarked;
