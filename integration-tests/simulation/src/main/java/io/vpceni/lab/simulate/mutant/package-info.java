/// The mutants: [Mutants] has all of them by name, at least two for each invariant. Each [NamedMutant] says which one
/// it breaks.
@NullMarked
package io.vpceni.lab.simulate.mutant;

import org.jspecify.annotations.NullMarked;
