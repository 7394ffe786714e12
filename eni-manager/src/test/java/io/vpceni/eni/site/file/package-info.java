@NullMarked
package io.vpceni.eni.site.file;

import org.jspecify.annotations.NullMarked;
