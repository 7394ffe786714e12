@NullMarked
package io.vpceni.lab.simulate.check;

import org.jspecify.annotations.NullMarked;
