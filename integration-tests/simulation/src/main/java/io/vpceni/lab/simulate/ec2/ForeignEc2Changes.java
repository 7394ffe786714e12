package io.vpceni.lab.simulate.ec2;

import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedIds;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What people and other nodes do to EC2 behind the node's back.
public final class ForeignEc2Changes {
    private static final int OTHERS_MAX = 4;
    private static final int OTHERS_BIRTH_MILLIS = 240_000;

    /// In one world.
    private static final int DETACHED_MAX = 3;

    private final RunContext run;
    private final Checker checker;
    private final Predicate<EniId> isReady;
    private final Supplier<WorldParameters> parameters;
    private final SimulatedVpc ec2;
    private int detached;

    public ForeignEc2Changes(
            RunContext run,
            Checker checker,
            SimulatedVpc ec2,
            Predicate<EniId> isReady,
            Supplier<WorldParameters> parameters) {
        this.run = run;
        this.checker = checker;
        this.isReady = isReady;
        this.parameters = parameters;
        this.ec2 = ec2;
    }

    private int place() {
        return run.choices().of(FaultyEc2.SEARCH_FROM_MAX);
    }

    private List<SimulatedEni> podsEnis() {
        return ec2.enis().stream().filter(eni -> eni.role() == EniRole.PODS).toList();
    }

    /// Somebody unassigns a block that this node knows to be its own.
    public void takeBlock() {
        List<SimulatedEni> enis =
                podsEnis().stream().filter(eni -> !eni.blocks().isEmpty()).toList();
        if (!enis.isEmpty()) {
            SimulatedEni eni = enis.get(run.choices().of(enis.size()));
            Cidr block =
                    List.copyOf(eni.blocks()).get(run.choices().of(eni.blocks().size()));
            if (checker.limits().wasTold(block)) { // from one whose answer is still on its way nobody knows
                take(eni, block);
            }
        }
    }

    public void take(SimulatedEni eni, Cidr block) {
        run.note("somebody takes " + block + " from " + eni.id());
        ec2.unassign(eni, List.of(block), run.now());
        eni.subnet().takenByStranger(block);
        checker.takenByOthers(block, run.now());
    }

    /// Somebody assigns a block to an ENI of this node.
    public void giveBlock() {
        List<SimulatedEni> enis = podsEnis().stream()
                .filter(eni -> eni.blocks().size() < ec2.slots())
                .toList();
        if (!enis.isEmpty() && !parameters.get().ipv6()) {
            SimulatedEni eni = enis.get(run.choices().of(enis.size()));
            List<Cidr> blocks = ec2.assign(eni, BlockKind.ADDRESS, 1, run.now(), place());
            run.note("somebody gives " + blocks + " to " + eni.id());
            checker.ec2Added(blocks);
        }
    }

    /// Others take what is left of a subnet, or leave it again.
    public void fillSubnet() {
        SimulatedSubnet subnet =
                ec2.subnets().get(run.choices().of(ec2.subnets().size()));
        subnet.fill(!subnet.isFilled());
    }

    /// Somebody detaches an ENI.
    ///
    /// @param delete whether it is deleted then
    public void detach(boolean delete) {
        if (detached == DETACHED_MAX) {
            return; // the addresses are lost to the subnet
        }
        List<SimulatedEni> enis = podsEnis().stream()
                .filter(eni -> !eni.primary() && isReady.test(eni.id()))
                .toList();
        if (enis.isEmpty() || enis.size() <= run.choices().of(3)) {
            return;
        }
        detached++;
        SimulatedEni eni = enis.get(run.choices().of(enis.size()));
        run.note("somebody detaches " + eni.id() + (delete ? " and deletes it" : ""));
        checker.intents().touched(eni.id());
        eni.blocks().forEach(block -> checker.takenByOthers(block, run.now()));
        if (delete) {
            delete(eni);
        } else {
            ec2.beginDetach(eni, run.now(), run.now().plusMillis(run.choices().of(5000)));
        }
    }

    /// Somebody deletes an ENI that is attached to nothing.
    public void delete() {
        List<SimulatedEni> loose = ec2.existing().stream()
                .filter(eni -> eni.attachment().isEmpty())
                .toList();
        if (loose.isEmpty()) {
            detach(true);
            return;
        }
        SimulatedEni eni = loose.get(run.choices().of(loose.size()));
        run.note("somebody deletes " + eni.id());
        checker.intents().touched(eni.id());
        delete(eni);
    }

    /// Its addresses are strangers' from then on: sandboxes may have them still.
    public void delete(SimulatedEni eni) {
        List<Cidr> blocks = List.copyOf(eni.blocks());
        ec2.delete(eni, run.now());
        blocks.forEach(eni.subnet()::takenByStranger);
    }

    /// Somebody attaches an ENI of theirs to this node.
    public void attach() {
        int card = run.choices().of(ec2.limits().enisMaxByCard().size());
        List<EniRole> roles = List.of(EniRole.UNMANAGED, EniRole.EFA, EniRole.PODS, EniRole.PODS);
        EniRole role = roles.get(run.choices().of(parameters.get().ipv6() ? 2 : roles.size()));
        ec2.attach(card, role, run.now(), place()).ifPresent(eni -> {
            run.note("somebody attaches " + eni.id() + " as device " + eni.index());
            checker.intents().touched(eni.id());
            if (role != EniRole.PODS || run.choices().of(2) == 1) {
                ec2.assign(eni, BlockKind.ADDRESS, Math.min(1, ec2.slots()), run.now(), place());
            }
        });
    }

    /// Somebody changes the tag that says whether an ENI is managed.
    public void retag() {
        List<SimulatedEni> enis = ec2.enis().stream()
                .filter(eni -> !eni.primary() && isReady.test(eni.id()))
                .filter(eni -> eni.role() == EniRole.PODS || eni.role() == EniRole.UNMANAGED)
                .filter(eni -> !checker.intents().isLeaving(eni.id()))
                .toList();
        if (!enis.isEmpty() && !parameters.get().ipv6()) {
            SimulatedEni eni = enis.get(run.choices().of(enis.size()));
            eni.managed(eni.role() == EniRole.UNMANAGED, run.now());
            run.note(eni.id() + " is " + eni.role() + " from now on");
            checker.intents().touched(eni.id());
        }
    }

    /// Another node of the cluster makes an ENI and attaches it within minutes, or dies and leaves it behind.
    public void othersBirth() {
        List<SimulatedEni> others = ec2.existing().stream()
                .filter(eni -> SimulatedIds.OTHER_NODE.value().equals(eni.tags().get(EniLabels.INSTANCE_ID)))
                .toList();
        Instant now = run.now();
        if (others.size() >= OTHERS_MAX) {
            SimulatedEni eni = others.getFirst();
            checker.intents().touched(eni.id());
            ec2.delete(eni, now);
            return;
        }
        Optional<SimulatedEni> loose =
                others.stream().filter(eni -> eni.attachment().isEmpty()).findFirst();
        if (loose.isPresent() && run.choices().of(2) == 0) {
            boolean late =
                    loose.get().createdAt().plusMillis(OTHERS_BIRTH_MILLIS).isBefore(now);
            if (!late) {
                ec2.beginAttach(
                        loose.get(), SimulatedIds.OTHER_NODE, 0, others.size(), now, now.plus(Duration.ofSeconds(2)));
            }
            return;
        }
        ec2.create(ec2.subnet(), EniRole.PODS, EniLabels.description(SimulatedIds.OTHER_NODE), now, place())
                .ifPresent(eni -> {
                    run.note("another node makes " + eni.id());
                    eni.tags()
                            .putAll(EniLabels.tags(
                                    SimulatedIds.OTHER_NODE, Optional.of(new ClusterName(SimulatedIds.CLUSTER)), now));
                    eni.changed(now);
                });
    }
}
