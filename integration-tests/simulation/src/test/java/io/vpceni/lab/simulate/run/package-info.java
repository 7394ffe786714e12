@NullMarked
package io.vpceni.lab.simulate.run;

import org.jspecify.annotations.NullMarked;
