package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What people and other nodes do to EC2 behind the node's back.
final class ForeignEc2Changes {
    private static final int OTHERS_MAX = 4;
    private static final int OTHERS_BIRTH_MILLIS = 240_000;

    /// In one world.
    private static final int DETACHED_MAX = 3;

    private final SimWorld world;
    private final SimulatedVpc ec2;
    private int detached;

    ForeignEc2Changes(SimWorld world) {
        this.world = world;
        this.ec2 = world.ec2();
    }

    private List<SimulatedEni> podsEnis() {
        return ec2.enis().stream().filter(eni -> eni.role() == EniRole.PODS).toList();
    }

    /// Somebody unassigns a block that this node knows to be its own.
    void takeBlock() {
        List<SimulatedEni> enis =
                podsEnis().stream().filter(eni -> !eni.blocks().isEmpty()).toList();
        if (!enis.isEmpty()) {
            SimulatedEni eni = enis.get(world.choices().of(enis.size()));
            Cidr block = List.copyOf(eni.blocks())
                    .get(world.choices().of(eni.blocks().size()));
            if (world.checker().limits().wasTold(block)) { // from one whose answer is still on its way nobody knows
                take(eni, block);
            }
        }
    }

    void take(SimulatedEni eni, Cidr block) {
        world.note("somebody takes " + block + " from " + eni.id());
        ec2.unassign(eni, List.of(block), world.now());
        eni.subnet().takenByStranger(block);
        world.checker().takenByOthers(block, world.now());
    }

    /// Somebody assigns a block to an ENI of this node.
    void giveBlock() {
        List<SimulatedEni> enis = podsEnis().stream()
                .filter(eni -> eni.blocks().size() < ec2.slots())
                .toList();
        if (!enis.isEmpty() && !world.terms().ipv6()) {
            SimulatedEni eni = enis.get(world.choices().of(enis.size()));
            List<Cidr> blocks = ec2.assign(eni, BlockKind.ADDRESS, 1, world.now(), world.place());
            world.note("somebody gives " + blocks + " to " + eni.id());
            world.checker().ec2Added(blocks);
        }
    }

    /// Somebody detaches an ENI.
    ///
    /// @param delete whether it is deleted then
    void detach(boolean delete) {
        if (detached == DETACHED_MAX) {
            return; // the addresses are lost to the subnet
        }
        List<SimulatedEni> enis = podsEnis().stream()
                .filter(eni -> !eni.primary() && world.links().isReady(eni.id()))
                .toList();
        if (enis.isEmpty() || enis.size() <= world.choices().of(3)) {
            return;
        }
        detached++;
        SimulatedEni eni = enis.get(world.choices().of(enis.size()));
        world.note("somebody detaches " + eni.id() + (delete ? " and deletes it" : ""));
        world.checker().enis().touched(eni.id());
        eni.blocks().forEach(block -> world.checker().takenByOthers(block, world.now()));
        if (delete) {
            delete(eni);
        } else {
            ec2.untie(eni, world.now(), world.now().plusMillis(world.choices().of(5000)));
        }
    }

    /// Somebody deletes an ENI that is attached to nothing.
    void delete() {
        List<SimulatedEni> loose =
                ec2.existing().stream().filter(eni -> eni.tie().isEmpty()).toList();
        if (loose.isEmpty()) {
            detach(true);
            return;
        }
        SimulatedEni eni = loose.get(world.choices().of(loose.size()));
        world.note("somebody deletes " + eni.id());
        world.checker().enis().touched(eni.id());
        delete(eni);
    }

    /// Its addresses are strangers' from then on: sandboxes may have them still.
    void delete(SimulatedEni eni) {
        List<Cidr> blocks = List.copyOf(eni.blocks());
        ec2.delete(eni, world.now());
        blocks.forEach(eni.subnet()::takenByStranger);
    }

    /// Somebody attaches an ENI of theirs to this node.
    void attach() {
        int card = world.choices().of(ec2.limits().enisMaxByCard().size());
        List<EniRole> roles = List.of(EniRole.UNMANAGED, EniRole.EFA, EniRole.PODS, EniRole.PODS);
        EniRole role = roles.get(world.choices().of(world.terms().ipv6() ? 2 : roles.size()));
        ec2.attach(card, role, world.now(), world.place()).ifPresent(eni -> {
            world.note("somebody attaches " + eni.id() + " as device " + eni.index());
            world.checker().enis().touched(eni.id());
            if (role != EniRole.PODS || world.choices().of(2) == 1) {
                ec2.assign(eni, BlockKind.ADDRESS, Math.min(1, ec2.slots()), world.now(), world.place());
            }
        });
    }

    /// Somebody changes the tag that says whether an ENI is managed.
    void retag() {
        List<SimulatedEni> enis = ec2.enis().stream()
                .filter(eni -> !eni.primary() && world.links().isReady(eni.id()))
                .filter(eni -> eni.role() == EniRole.PODS || eni.role() == EniRole.UNMANAGED)
                .filter(eni -> !world.checker().enis().isLeaving(eni.id()))
                .toList();
        if (!enis.isEmpty() && !world.terms().ipv6()) {
            SimulatedEni eni = enis.get(world.choices().of(enis.size()));
            eni.managed(eni.role() == EniRole.UNMANAGED, world.now());
            world.note(eni.id() + " is " + eni.role() + " from now on");
            world.checker().enis().touched(eni.id());
        }
    }

    /// Another node of the cluster makes an ENI and attaches it within minutes, or dies and leaves it behind.
    void othersBirth() {
        List<SimulatedEni> others = ec2.existing().stream()
                .filter(eni -> SimulatedIds.OTHER_NODE.equals(eni.tags().get(EniLabels.INSTANCE_ID)))
                .toList();
        Instant now = world.now();
        if (others.size() >= OTHERS_MAX) {
            SimulatedEni eni = others.getFirst();
            world.checker().enis().touched(eni.id());
            ec2.delete(eni, now);
            return;
        }
        Optional<SimulatedEni> loose =
                others.stream().filter(eni -> eni.tie().isEmpty()).findFirst();
        if (loose.isPresent() && world.choices().of(2) == 0) {
            boolean late =
                    loose.get().createdAt().plusMillis(OTHERS_BIRTH_MILLIS).isBefore(now);
            if (!late) {
                ec2.tie(loose.get(), SimulatedIds.OTHER_NODE, 0, others.size(), now, now.plus(Duration.ofSeconds(2)));
            }
            return;
        }
        ec2.create(ec2.subnet(), EniRole.PODS, EniLabels.description(SimulatedIds.OTHER_NODE), now, world.place())
                .ifPresent(eni -> {
                    world.note("another node makes " + eni.id());
                    eni.tags().putAll(EniLabels.tags(SimulatedIds.OTHER_NODE, SimulatedIds.CLUSTER, now));
                    eni.changed(now);
                });
    }
}
