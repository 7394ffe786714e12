package io.vpceni.lab.simulate.mutant;

import io.vpceni.config.AttachmentKey;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.journal.KernelPod;
import io.vpceni.pool.journal.KernelPodState;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Mutants of what ipamd makes of a look at the kernel.
public final class KernelMutants {
    private KernelMutants() {}

    public static List<NamedMutant> all() {
        return List.of(
                new NamedMutant(
                        "a-sandbox-is-its-route",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "a pod whose host route is lost is taken for gone, at start and later",
                        SandboxIsItsRoute::new),
                new NamedMutant(
                        "names-do-not-count",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "a start does not look for records by the names of links, and alias and route are lost",
                        NamesDoNotCount::new),
                new NamedMutant(
                        "rules-do-not-count",
                        Invariant.NEVER_UNASSIGNED_WHILE_ROUTED,
                        "the proof for a return looks at links and routes, and rules lead to the address still",
                        RulesDoNotCount::new),
                new NamedMutant(
                        "rules-of-nobody-do-not-count",
                        Invariant.NEVER_UNASSIGNED_WHILE_ROUTED,
                        "the proof for a return looks at the rules of pods that are there, and left-over ones stay",
                        RulesOfNobodyDoNotCount::new),
                new NamedMutant(
                        "foreign-routes-do-not-count",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "a look sees links with our alias only, and another link's pod has the address",
                        ForeignRoutesDoNotCount::new));
    }

    private static final class SandboxIsItsRoute extends Mutant {
        @Override
        public KernelPodState kernel(KernelPodState look, Predicate<AttachmentKey> isNameless) {
            return new KernelPodState(
                    look.pods().stream()
                            .filter(pod -> look.routed().contains(pod.address()))
                            .toList(),
                    look.routed(),
                    Set.of());
        }
    }

    private static final class NamesDoNotCount extends Mutant {
        @Override
        public List<Assignment> records(List<Assignment> records) {
            return List.of();
        }
    }

    private static final class RulesDoNotCount extends Mutant {
        @Override
        public KernelPodState kernel(KernelPodState look, Predicate<AttachmentKey> isNameless) {
            return new KernelPodState(look.pods(), look.routed(), Set.of());
        }
    }

    private static final class RulesOfNobodyDoNotCount extends Mutant {
        @Override
        public KernelPodState kernel(KernelPodState look, Predicate<AttachmentKey> isNameless) {
            Set<InetAddress> ofPods =
                    look.pods().stream().map(KernelPod::address).collect(Collectors.toSet());
            return new KernelPodState(
                    look.pods(),
                    look.routed(),
                    look.ruled().stream().filter(ofPods::contains).collect(Collectors.toSet()));
        }
    }

    private static final class ForeignRoutesDoNotCount extends Mutant {
        @Override
        public KernelPodState kernel(KernelPodState look, Predicate<AttachmentKey> isNameless) {
            return new KernelPodState(
                    look.pods().stream()
                            .filter(pod -> !isNameless.test(pod.key()))
                            .toList(),
                    Set.of(),
                    look.ruled());
        }
    }
}
