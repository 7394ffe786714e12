/// Custom networking from a file. Start at [ZoneFile].
@NullMarked
package io.vpceni.eni.site.file;

import org.jspecify.annotations.NullMarked;
