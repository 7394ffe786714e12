package io.vpceni.ipamd;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.ipamd.journal.AwsCheckpoint;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.AliasedPod;
import io.vpceni.network.HostSurvey;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.NodeKernel;
import io.vpceni.network.PodWiring;
import io.vpceni.network.RecordedPod;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.Finding;
import io.vpceni.pool.journal.JournalState;
import io.vpceni.pool.journal.KernelPod;
import io.vpceni.pool.journal.KnownAddresses;
import io.vpceni.pool.journal.RecoveryPlan;
import io.vpceni.pool.journal.RecoverySources;
import io.vpceni.pool.journal.StartupRecovery;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Recovers the state of before the restart: ENIs from EC2, sandboxes from the kernel, and from the journal what only
/// it knows: cooling addresses, DELs, blocks that were leaving.
///
/// Runs before the owner starts, on the thread of the start. EC2 was read a moment ago; the kernel is read once.
final class PoolRecovery {
    private static final Logger log = LoggerFactory.getLogger(PoolRecovery.class);

    private final NodeKernel host;
    private final NodeNetwork network;
    private final NodeLimits limits;
    private final Metrics metrics;

    /// @param limits of addresses for pods
    PoolRecovery(NodeKernel host, NodeNetwork network, NodeLimits limits, Metrics metrics) {
        this.host = host;
        this.network = network;
        this.limits = limits;
        this.metrics = metrics;
    }

    /// Tells the pool the ENIs and then the recovered state. Incomplete rules and routes in the kernel are deleted.
    ///
    /// @param enis that are attached, the primary one first
    /// @param usable those whose links are set up; the others are set up later
    /// @param checkpoint of the AWS VPC CNI; empty on a node that never ran it
    void run(
            List<AttachedEni> enis,
            List<AttachedEni> usable,
            JournalFile.Opened journal,
            AwsCheckpoint.Read checkpoint,
            Duration cooldown,
            PoolLoop loop,
            Instant now)
            throws NetworkFailure {
        HostSurvey survey = host.survey(records(journal.state(), checkpoint.entries()));
        Map<EniId, Set<Cidr>> listed =
                enis.stream().collect(Collectors.toMap(AttachedEni::id, eni -> Set.copyOf(eni.blocks())));
        Set<InetAddress> own =
                new KnownAddresses(listed, journal.state(), checkpoint.entries()).among(survey.mentioned());
        RecoveryPlan settled = StartupRecovery.of(
                new RecoverySources(
                        journal.state(),
                        survey.pods().stream().map(NodeNetwork::asKernelPod).toList(),
                        listed,
                        enis.getFirst().id(),
                        survey.foreign(own),
                        checkpoint.entries()),
                cooldown,
                now);
        journal.findings().forEach(this::report);
        checkpoint.findings().forEach(this::report);
        survey.named().stream().map(PoolRecovery::finding).forEach(this::report);
        settled.findings().forEach(this::report);
        append(journal.file(), settled);
        usable.forEach(eni -> loop.take(new Message.EniFound(asPoolEni(eni), eni.blocks()), now));
        settled.messages().forEach(message -> loop.take(message, now));
        network.keepForeign(settled.foreignHolders());
        host.keep(survey, wirings(settled, enis));
        host.filterPods(survey);
        tidy(survey, own);
    }

    /// Who had which address, older records first. The checkpoint counts only where the journal has nothing newer.
    private static List<RecordedPod> records(JournalState journal, List<CheckpointEntry> checkpoint) {
        return Stream.concat(
                        journal.assignments().stream().map(PoolRecovery::asEntry),
                        checkpoint.stream().filter(entry -> !entry.isSupersededBy(journal)))
                .filter(entry -> !KernelPod.isForeign(entry.key()))
                .sorted(Comparator.comparing(CheckpointEntry::at))
                .flatMap(entry -> record(entry).stream())
                .toList();
    }

    private static CheckpointEntry asEntry(JournalRecord.Assigned record) {
        Assignment has = record.assignment();
        return new CheckpointEntry(has.key(), has.pod(), has.address(), record.at());
    }

    /// Empty for a key that ipamd does not accept.
    private static Optional<RecordedPod> record(CheckpointEntry entry) {
        try {
            return Optional.of(new RecordedPod(entry.key(), entry.pod(), entry.address()));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // the report about the foreign pod gives the reason
        }
    }

    private static Finding finding(AliasedPod named) {
        RecordedPod pod = named.pod();
        String who = (pod.pod().name().isEmpty() ? "" : pod.pod() + ", ") + "sandbox "
                + pod.key().containerId() + ",";
        String address = pod.address().getHostAddress();
        if (!named.certain()) {
            return new Finding(
                    Finding.Kind.DOUBTED_LINK,
                    named.hostInterface() + " has no alias and no host route any more; " + who + " with " + address
                            + " is one of those that it may belong to: all of them keep their addresses, and nothing of"
                            + " them is repaired until the pod is deleted");
        }
        String lost = named.ours() ? named.routed() ? "alias" : "alias and host route" : "host route";
        return new Finding(
                Finding.Kind.KNOWN_BY_NAME,
                who + " has lost its " + lost + " and is known by the name of its link, " + named.hostInterface()
                        + ": it keeps " + address + ", and gets back what it has lost if EC2 lists that address here");
    }

    private Eni asPoolEni(AttachedEni eni) {
        return new Eni(eni.id(), eni.slot(), eni.primary(), limits.slotsPerEni(), eni.role());
    }

    private static boolean has(AttachedEni eni, InetAddress address) {
        return eni.blocks().stream().anyMatch((Cidr block) -> block.contains(address));
    }

    /// Sandboxes whose address EC2 lists on an attached ENI; for the others the ENI is unknown. Of two
    /// sandboxes with one address the first counts, to which the host route leads.
    private static List<PodWiring> wirings(RecoveryPlan settled, List<AttachedEni> enis) {
        List<PodWiring> wirings = new ArrayList<>();
        Set<InetAddress> taken = new HashSet<>();
        for (Message message : settled.messages()) {
            if (message instanceof Message.Restored(Assignment assignment, var _, var _)
                    && taken.add(assignment.address())
                    && !KernelPod.isForeign(assignment.key())) {
                enis.stream()
                        .filter(eni -> has(eni, assignment.address()))
                        .findFirst()
                        .flatMap(eni -> wiring(assignment, eni))
                        .ifPresent(wirings::add);
            }
        }
        return wirings;
    }

    /// Empty for a key that ipamd does not accept, from a checkpoint that another program wrote.
    private static Optional<PodWiring> wiring(Assignment assignment, AttachedEni eni) {
        try {
            return Optional.of(new PodWiring(assignment.key(), assignment.pod(), assignment.address(), eni.slot()));
        } catch (IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("address", assignment.address().getHostAddress())
                    .addKeyValue("reason", e.getMessage())
                    .log("Routes and rules of a pod from the checkpoint are not repaired");
            return Optional.empty();
        }
    }

    /// A full disk does not stop the start; the next start finds the same again.
    private void append(JournalFile file, RecoveryPlan settled) {
        if (settled.records().isEmpty()) {
            return;
        }
        try {
            file.append(settled.records());
        } catch (IOException e) {
            metrics.journalError();
            log.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("What recovery found could not be written to the journal; the next start finds it again");
        }
    }

    private void tidy(HostSurvey survey, Set<InetAddress> own) throws NetworkFailure {
        for (String unwired : survey.unwired()) {
            host.removeLink(unwired);
        }
        int swept = host.sweep(survey, own);
        if (swept > 0) {
            log.atWarn().addKeyValue("rules", swept).log("Deleted rules of pods whose link is missing");
        }
        if (!survey.pods().isEmpty()) {
            log.atInfo().addKeyValue("pods", survey.pods().size()).log("Found the pods from before the restart");
        }
    }

    private void report(Finding finding) {
        metrics.found(finding.kind());
        log.atWarn().addKeyValue("kind", finding.kind()).log(finding.text());
    }
}
