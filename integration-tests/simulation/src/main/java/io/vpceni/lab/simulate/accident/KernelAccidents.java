package io.vpceni.lab.simulate.accident;

import io.vpceni.config.Cidr;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.lab.simulate.node.SimRuntime;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What happens to links, routes and rules in a world by itself.
public final class KernelAccidents {
    /// One choice among all of them, so their order is part of the recorded choices.
    private enum KernelAccident {
        /// Twice as often as the others.
        ROUTE_LOST(2),
        RULES_LOST,
        ALIAS_LOST,
        LINK_DELETED,
        ROUTE_FOREIGN;

        /// Each as often as its weight says.
        private static final List<KernelAccident> WEIGHTED = Arrays.stream(values())
                .flatMap(accident -> Collections.nCopies(accident.weight, accident).stream())
                .toList();

        private final int weight;

        KernelAccident() {
            this(1);
        }

        KernelAccident(int weight) {
            this.weight = weight;
        }
    }

    private final RunContext run;
    private final SimKernel kernel;
    private final SimRuntime runtime;
    private final SimulatedVpc ec2;

    public KernelAccidents(RunContext run, SimKernel kernel, SimRuntime runtime, SimulatedVpc ec2) {
        this.run = run;
        this.kernel = kernel;
        this.runtime = runtime;
        this.ec2 = ec2;
    }

    public void happen() {
        switch (run.choices().oneOf(KernelAccident.WEIGHTED)) {
            case ROUTE_LOST -> on(SimulatedFault.ROUTE_LOST, this::loseRoutes);
            case RULES_LOST -> on(SimulatedFault.RULES_LOST, kernel::loseRules);
            case ALIAS_LOST -> on(SimulatedFault.ALIAS_LOST, this::loseAlias);
            case LINK_DELETED -> on(SimulatedFault.LINK_DELETED, this::deleteLink);
            case ROUTE_FOREIGN -> on(SimulatedFault.ROUTE_FOREIGN, this::foreign);
        }
    }

    private void on(SimulatedFault fault, Runnable then) {
        run.faults().on(fault, then);
    }

    private void loseRoutes() {
        if (run.choices().of(4) == 3) {
            run.note("all host routes go");
            List.copyOf(kernel.wired().keySet()).forEach(kernel::loseRoute);
        } else {
            runtime.anyUp().ifPresent(sandbox -> {
                run.note("the host route of " + sandbox.key().containerId() + " goes");
                kernel.loseRoute(sandbox.key());
            });
        }
    }

    private void loseAlias() {
        runtime.anyUp().ifPresent(sandbox -> {
            boolean alone = run.choices().of(2) == 0;
            run.note("the alias of " + sandbox.key().containerId() + " goes" + (alone ? "" : ", and its host route"));
            kernel.loseAlias(sandbox.key());
            if (!alone) {
                kernel.loseRoute(sandbox.key());
            }
        });
    }

    private void deleteLink() {
        runtime.anyUp().ifPresent(sandbox -> {
            run.note("the link of " + sandbox.key().containerId() + " is deleted");
            runtime.cutOff(sandbox);
        });
    }

    private void foreign() {
        if (run.choices().of(3) == 2) {
            kernel.foreignRoutesGo();
            return;
        }
        someAddress().ifPresent(address -> {
            int what = run.choices().of(4);
            run.note("the kernel names " + address.getHostAddress() + " in "
                    + List.of("a rule 512", "a rule 1536", "a route", "a route and rules")
                            .get(what));
            if (what > 1) {
                kernel.addForeignRoute(address);
            }
            if (what != 2) {
                kernel.addRule(address, what != 1);
            }
        });
    }

    /// One of this node's that no sandbox has.
    private Optional<InetAddress> someAddress() {
        List<Cidr> blocks = ec2.enis().stream()
                .flatMap(eni -> eni.blocks().stream())
                .filter(block -> block.prefixBits() != 80)
                .toList();
        if (blocks.isEmpty()) {
            return Optional.empty();
        }
        List<InetAddress> addresses =
                SimulatedSubnet.addressesOf(blocks.get(run.choices().of(blocks.size())));
        InetAddress address = addresses.get(run.choices().of(addresses.size()));
        return Optional.of(address).filter(free -> !kernel.inUse().contains(free));
    }
}
