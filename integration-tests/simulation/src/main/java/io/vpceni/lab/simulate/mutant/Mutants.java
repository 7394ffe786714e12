package io.vpceni.lab.simulate.mutant;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All mutants by name.
public final class Mutants {
    private Mutants() {}

    public static List<NamedMutant> all() {
        return Stream.of(
                        OwnershipMutants.all(),
                        TimeMutants.all(),
                        LimitMutants.all(),
                        EniMutants.all(),
                        KernelMutants.all())
                .flatMap(List::stream)
                .toList();
    }

    public static Optional<NamedMutant> named(String name) {
        return all().stream().filter(mutant -> mutant.name().equals(name)).findFirst();
    }
}
