@NullMarked
package io.vpceni.lab.simulate.incident;

import org.jspecify.annotations.NullMarked;
