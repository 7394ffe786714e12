package io.vpceni.lab.simulate.mutant;

import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.port.Mutant;
import java.util.function.Supplier;

/// A mutant that people can ask for.
///
/// @param breaks the invariant that it should break
/// @param what one sentence: what is wrong
/// @param maker makes it anew for each world
public record NamedMutant(String name, Invariant breaks, String what, Supplier<Mutant> maker) {}
