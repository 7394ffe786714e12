/// The simulation as tests: fixed and fresh seeds, every mutant, every incident, and the machinery itself.
@NullMarked
package io.vpceni.lab.simulate;

import org.jspecify.annotations.NullMarked;
