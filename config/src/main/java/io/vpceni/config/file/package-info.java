/// Files that are read and written whatever somebody has put in their place.
@NullMarked
package io.vpceni.config.file;

import org.jspecify.annotations.NullMarked;
