package io.vpceni.lab.simulate;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.eni.lifecycle.LifecycleSettings;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.journal.JournalState;
import io.vpceni.pool.journal.KernelPodState;
import io.vpceni.pool.journal.KnownAddresses;
import io.vpceni.pool.journal.RecoveryPlan;
import io.vpceni.pool.journal.RecoverySources;
import io.vpceni.pool.journal.StartupRecovery;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// What a start finds: intents, ENIs as EC2 tells them, then what the production settlement makes of journal, kernel
/// and EC2.
final class SimRecovery {
    private SimRecovery() {}

    /// @param attached ENIs that are told to the machine of ENIs
    /// @param linked those of them whose link is set up
    /// @param open works of earlier lives that did not end
    /// @param messages for the pool
    /// @param foreignHolders under which keys addresses are kept that other plugins' pods have
    record Found(
            List<AttachedEni> attached,
            Set<EniId> linked,
            List<Intent> open,
            List<Message> messages,
            Map<InetAddress, AttachmentKey> foreignHolders) {}

    static Found look(SimWorld world) {
        JournalState journal = world.disk().read(world.now());
        List<Intent> open = world.mutant().intentsRead(world.intents().read(), world);
        Set<EniId> unused = EniStateMachine.notToBeUsed(open);
        List<AttachedEni> attached = new ArrayList<>();
        Map<EniId, Set<Cidr>> view = new LinkedHashMap<>();
        for (Ec2Eni eni : world.api().enisAtStart()) {
            EniAttachment tie = Objects.requireNonNull(eni.attachment());
            if (tie.state() == EniAttachment.State.ATTACHED && !unused.contains(eni.id())) {
                attached.add(attached(world, eni, tie));
                view.put(eni.id(), new LinkedHashSet<>(eni.blocks()));
            }
        }
        Set<EniId> linked = new LinkedHashSet<>();
        List<Message> messages = new ArrayList<>();
        for (AttachedEni eni : attached) {
            if (eni.primary() || !world.accident(SimulatedFault.LINK_MISSING)) {
                linked.add(eni.id());
                world.links().found(eni.id());
                messages.add(new Message.EniReady(0, asPoolEni(world, eni), eni.blocks()));
            }
        }
        world.checker().startView(world.now(), view, linked);
        world.kernel().forget();
        List<Assignment> records = journal.assignments().stream()
                .map(JournalRecord.Assigned::assignment)
                .toList();
        KernelPodState look =
                world.mutant().kernel(world.kernel().lookAtStart(world.mutant().records(records)), world);
        KnownAddresses own = new KnownAddresses(view, journal, List.of());
        Map<InetAddress, String> foreign = own.among(world.kernel().foreign()).stream()
                .collect(Collectors.toMap(address -> address, _ -> "")); // links without names that tell
        EniId primary = world.ec2().enis().iterator().next().id();
        RecoveryPlan settled = StartupRecovery.of(
                new RecoverySources(journal, look.pods(), view, primary, foreign, List.of()),
                world.terms().settings().cooldown(),
                world.now());
        world.disk().agree(settled.records());
        messages.addAll(settled.messages());
        own.among(look.onlyRuled()).forEach(world.kernel()::sweep);
        return new Found(attached, linked, open, world.mutant().recovered(messages, world), settled.foreignHolders());
    }

    private static AttachedEni attached(SimWorld world, Ec2Eni eni, EniAttachment tie) {
        return new AttachedEni(
                eni.id(),
                Objects.requireNonNull(eni.mac()),
                tie.networkCard(),
                tie.deviceIndex(),
                tie.slot().isPrimary(),
                eni.role(),
                Objects.requireNonNull(eni.primaryAddress()),
                eni.blocks(),
                subnetOf(world, eni).block());
    }

    private static SimulatedSubnet subnetOf(SimWorld world, Ec2Eni eni) {
        return world.ec2().subnets().stream()
                .filter(subnet -> subnet.id().equals(eni.subnetId()))
                .findFirst()
                .orElseThrow();
    }

    private static Eni asPoolEni(SimWorld world, AttachedEni eni) {
        return new Eni(
                eni.id(),
                eni.networkCard(),
                eni.deviceIndex(),
                eni.primary(),
                world.ec2().slots(),
                eni.role());
    }

    /// The machine of ENIs with its settings.
    static EniStateMachine works(SimWorld world, NodeLimits limits) {
        SimulatedEni primary = world.ec2().enis().iterator().next();
        NodeIdentity identity = new NodeIdentity(
                SimulatedIds.NODE,
                "m5.large",
                "eu-west-1",
                SimulatedIds.ZONE,
                SimulatedIds.VPC,
                world.ec2().subnet().id(),
                List.of(SimulatedIds.SECURITY_GROUP),
                List.of(world.ec2().subnet().block()),
                Objects.requireNonNull(primary.now().mac()),
                primary.primaryAddress().network());
        EniSettings settings = new EniSettings(SimulatedIds.CLUSTER);
        if (world.terms().subnets() == 1) {
            settings = settings.withoutDiscovery();
        }
        SplittableRandom random = new SplittableRandom(world.choices().of(1 << 30));
        return new EniStateMachine(
                identity,
                limits,
                new EniPlacements(settings, identity, _ -> Optional.empty()),
                new LifecycleSettings(SimulatedIds.CLUSTER, world.terms().sweeps()),
                random,
                Leadership.NONE);
    }
}
