package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.eni.model.SimulatedSubnet;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// What happens to links, routes and rules in a world by itself.
final class KernelAccidents {
    private final SimWorld world;

    KernelAccidents(SimWorld world) {
        this.world = world;
    }

    void happen() {
        switch (world.choices().of(6)) {
            case 0, 1 -> on(SimulatedFault.ROUTE_LOST, this::loseRoutes);
            case 2 -> on(SimulatedFault.RULES_LOST, world.kernel()::loseRules);
            case 3 -> on(SimulatedFault.ALIAS_LOST, this::loseAlias);
            case 4 -> on(SimulatedFault.LINK_DELETED, this::deleteLink);
            default -> on(SimulatedFault.ROUTE_FOREIGN, this::foreign);
        }
    }

    private void on(SimulatedFault fault, Runnable then) {
        if (world.accident(fault)) {
            then.run();
        }
    }

    private void loseRoutes() {
        if (world.choices().of(4) == 3) {
            world.note("all host routes go");
            List.copyOf(world.kernel().wired().keySet()).forEach(world.kernel()::loseRoute);
        } else {
            world.runtime().anyUp().ifPresent(sandbox -> {
                world.note("the host route of " + sandbox.key.containerId() + " goes");
                world.kernel().loseRoute(sandbox.key);
            });
        }
    }

    private void loseAlias() {
        world.runtime().anyUp().ifPresent(sandbox -> {
            boolean alone = world.choices().of(2) == 0;
            world.note("the alias of " + sandbox.key.containerId() + " goes" + (alone ? "" : ", and its host route"));
            world.kernel().loseAlias(sandbox.key);
            if (!alone) {
                world.kernel().loseRoute(sandbox.key);
            }
        });
    }

    private void deleteLink() {
        world.runtime().anyUp().ifPresent(sandbox -> {
            world.note("the link of " + sandbox.key.containerId() + " is deleted");
            world.runtime().cutOff(sandbox);
        });
    }

    private void foreign() {
        if (world.choices().of(3) == 2) {
            world.kernel().foreignRoutesGo();
            return;
        }
        someAddress().ifPresent(address -> {
            int what = world.choices().of(4);
            world.note("the kernel names " + address.getHostAddress() + " in "
                    + List.of("a rule 512", "a rule 1536", "a route", "a route and rules")
                            .get(what));
            if (what > 1) {
                world.kernel().addForeignRoute(address);
            }
            if (what != 2) {
                world.kernel().addRule(address, what != 1);
            }
        });
    }

    /// One of this node's that no sandbox has.
    private Optional<InetAddress> someAddress() {
        List<Cidr> blocks = world.ec2().enis().stream()
                .flatMap(eni -> eni.blocks().stream())
                .filter(block -> block.prefixBits() != 80)
                .toList();
        if (blocks.isEmpty()) {
            return Optional.empty();
        }
        List<InetAddress> addresses =
                SimulatedSubnet.addressesOf(blocks.get(world.choices().of(blocks.size())));
        InetAddress address = addresses.get(world.choices().of(addresses.size()));
        return Optional.of(address).filter(free -> !world.kernel().inUse().contains(free));
    }
}
