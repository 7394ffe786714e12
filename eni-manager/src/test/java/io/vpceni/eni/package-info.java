/// Fakes of the ports, which other modules' tests use too, and the tests of this package.
@NullMarked
package io.vpceni.eni;

import org.jspecify.annotations.NullMarked;
