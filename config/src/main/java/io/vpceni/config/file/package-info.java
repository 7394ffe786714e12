/// Reads and writes files safely, whatever another program has put in their place.
@NullMarked
package io.vpceni.config.file;

import org.jspecify.annotations.NullMarked;
