/// The benchmark's arithmetic, and its driver with programs whose answers are known.
@NullMarked
package io.vpceni.lab.bench;

import org.jspecify.annotations.NullMarked;
