/// The chaos in short, and its parts that need no root.
@NullMarked
package io.vpceni.lab.chaos;

import org.jspecify.annotations.NullMarked;
