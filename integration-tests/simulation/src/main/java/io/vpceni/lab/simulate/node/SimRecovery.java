package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.eni.lifecycle.LifecycleSettings;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.context.SimulatedIds;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.ec2.FaultyEc2;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.lab.simulate.port.PlantedMutant;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.journal.JournalState;
import io.vpceni.pool.journal.KernelPodState;
import io.vpceni.pool.journal.KnownAddresses;
import io.vpceni.pool.journal.RecoveryPlan;
import io.vpceni.pool.journal.RecoverySources;
import io.vpceni.pool.journal.StartupRecovery;
import java.net.InetAddress;
import java.time.Duration;
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
public final class SimRecovery {
    private final RunContext run;
    private final PlantedMutant mutant;
    private final Checker checker;
    private final SimulatedVpc ec2;
    private final FaultyEc2 api;
    private final SimKernel kernel;
    private final SimLinks links;
    private final SimDisk disk;
    private final SimIntents intents;

    public SimRecovery(
            RunContext run,
            PlantedMutant mutant,
            Checker checker,
            SimulatedVpc ec2,
            FaultyEc2 api,
            SimKernel kernel,
            SimLinks links,
            SimDisk disk,
            SimIntents intents) {
        this.run = run;
        this.mutant = mutant;
        this.checker = checker;
        this.ec2 = ec2;
        this.api = api;
        this.kernel = kernel;
        this.links = links;
        this.disk = disk;
        this.intents = intents;
    }

    /// @param attached ENIs that are told to the machine of ENIs
    /// @param linked those of them whose link is set up
    /// @param open works of earlier lives that did not end
    /// @param messages for the pool
    /// @param foreignHolders under which keys addresses are kept that other plugins' pods have
    public record Found(
            List<AttachedEni> attached,
            Set<EniId> linked,
            List<Intent> open,
            List<Message> messages,
            Map<InetAddress, AttachmentKey> foreignHolders) {}

    /// @param cooldown as in the settings of this life
    public Found look(Duration cooldown) {
        JournalState journal = disk.read(run.now());
        List<Intent> open = mutant.intentsRead(intents.read());
        Set<EniId> unused = EniStateMachine.notToBeUsed(open);
        List<AttachedEni> attached = new ArrayList<>();
        Map<EniId, Set<Cidr>> view = new LinkedHashMap<>();
        for (Ec2Eni eni : api.enisAtStart()) {
            EniAttachment tie = Objects.requireNonNull(eni.attachment());
            if (tie.state() == EniAttachment.State.ATTACHED && !unused.contains(eni.id())) {
                attached.add(attached(eni, tie));
                view.put(eni.id(), new LinkedHashSet<>(eni.blocks()));
            }
        }
        Set<EniId> linked = new LinkedHashSet<>();
        List<Message> messages = new ArrayList<>();
        for (AttachedEni eni : attached) {
            if (eni.primary() || !run.occurs(SimulatedFault.LINK_MISSING)) {
                linked.add(eni.id());
                links.found(eni.id());
                messages.add(new Message.EniFound(asPoolEni(eni), eni.blocks()));
            }
        }
        checker.startView(run.now(), view, linked);
        kernel.forget();
        List<Assignment> records = journal.assignments().stream()
                .map(JournalRecord.Assigned::assignment)
                .toList();
        KernelPodState look = mutant.kernel(kernel.lookAtStart(mutant.records(records)));
        KnownAddresses own = new KnownAddresses(view, journal, List.of());
        Map<InetAddress, String> foreign = own.among(kernel.foreign()).stream()
                .collect(Collectors.toMap(address -> address, _ -> "")); // links without names that tell
        EniId primary = ec2.enis().iterator().next().id();
        RecoveryPlan settled = StartupRecovery.of(
                new RecoverySources(journal, look.pods(), view, primary, foreign, List.of()), cooldown, run.now());
        disk.agree(settled.records());
        messages.addAll(settled.messages());
        own.among(look.onlyRuled()).forEach(kernel::sweep);
        return new Found(attached, linked, open, mutant.recovered(messages), settled.foreignHolders());
    }

    private AttachedEni attached(Ec2Eni eni, EniAttachment tie) {
        return new AttachedEni(
                new LinkPlan(
                        eni.id(),
                        Objects.requireNonNull(eni.mac()),
                        tie.slot(),
                        eni.role(),
                        Objects.requireNonNull(eni.primaryAddress()),
                        subnetOf(eni).block()),
                eni.blocks());
    }

    private SimulatedSubnet subnetOf(Ec2Eni eni) {
        return ec2.subnets().stream()
                .filter(subnet -> subnet.id().equals(eni.subnetId()))
                .findFirst()
                .orElseThrow();
    }

    private Eni asPoolEni(AttachedEni eni) {
        return new Eni(eni.id(), eni.slot(), eni.primary(), ec2.slots(), eni.role());
    }

    /// The machine of ENIs with its settings.
    public EniStateMachine works(WorldParameters parameters, Leadership leadership) {
        SimulatedEni primary = ec2.enis().iterator().next();
        NodeIdentity identity = new NodeIdentity(
                SimulatedIds.NODE,
                "m5.large",
                SimulatedIds.VPC,
                "eu-west-1",
                ec2.subnet().id(),
                SimulatedIds.ZONE,
                List.of(SimulatedIds.SECURITY_GROUP),
                List.of(ec2.subnet().block()),
                Objects.requireNonNull(primary.now().mac()),
                primary.primaryAddress().network());
        EniSettings settings = EniSettings.of(new ClusterName(SimulatedIds.CLUSTER));
        if (parameters.subnets() == 1) {
            settings = settings.withoutDiscovery();
        }
        SplittableRandom random = new SplittableRandom(run.choices().of(1 << 30));
        return new EniStateMachine(
                identity,
                mutant.limits(parameters.limits()),
                new EniPlacements(settings, identity, _ -> Optional.empty()),
                new LifecycleSettings(Optional.of(new ClusterName(SimulatedIds.CLUSTER)), parameters.sweeps()),
                random,
                leadership);
    }
}
