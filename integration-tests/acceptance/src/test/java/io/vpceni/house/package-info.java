/// What holds for the whole repository: the arrows between modules, and that the documents name what exists.
@NullMarked
package io.vpceni.house;

import org.jspecify.annotations.NullMarked;
