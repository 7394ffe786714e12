package io.vpceni.pool.journal;

import io.vpceni.config.AddressOrder;
import io.vpceni.config.Cidr;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// Works out who has which address from journal, kernel, EC2 and a checkpoint of the AWS VPC CNI. The rules are the
/// table in `docs/journal.md`. In short: the kernel says which sandboxes are there, the journal which were there and
/// when, and no source alone frees an address.
public final class StartupRecovery {

    private final RecoverySources sources;
    private final Duration cooldown;
    private final Instant now;
    private final boolean gaps;

    private final RecoveredHolders holders;
    private final SortedMap<InetAddress, Instant> cooling = new TreeMap<>(AddressOrder.BY_NUMBER);
    private final SortedMap<Cidr, Message.RestoredUnassign> unassignedBlocks = new TreeMap<>();
    private final List<JournalRecord> records = new ArrayList<>();

    private StartupRecovery(RecoverySources sources, Duration cooldown, Instant now) {
        this.sources = sources;
        this.holders = new RecoveredHolders(sources);
        this.cooldown = cooldown;
        this.now = now;
        this.gaps = switch (sources.journal().trust()) {
            case WHOLE ->
                sources.journal()
                        .gapAt()
                        .filter(at -> at.plus(JournalState.GAP_KEPT).isAfter(now))
                        .isPresent();
            case GAPS -> true;
            case ABSENT -> !sources.kernel().isEmpty();
        };
    }

    /// @param cooldown how long an address cools down whose sandbox went while ipamd was not running
    /// @param now by the clock of the process that starts
    public static RecoveryPlan of(RecoverySources sources, Duration cooldown, Instant now) {
        return new StartupRecovery(sources, cooldown, now).recover();
    }

    private RecoveryPlan recover() {
        if (gaps && sources.journal().trust() == JournalState.Trust.ABSENT) {
            find(
                    Finding.Kind.JOURNAL_MISSING,
                    "There is no journal, but the kernel has "
                            + sources.kernel().size()
                            + " pods of ours. It is not known which addresses were cooling, so all that no pod has cool down"
                            + " before they are used");
        }
        restoreKernelPods();
        restoreForeignPods();
        endCheckpointEntries();
        endMissingSandboxes();
        restoreCooldowns();
        restoreUnassignedBlocks();
        if (gaps) {
            coolAllUnassigned();
        }
        return new RecoveryPlan(messages(), records, holders.findings(), holders.foreignHolders());
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>(unassignedBlocks.values());
        cooling.forEach((address, until) -> messages.add(new Message.RestoredCooling(address, until)));
        for (JournalRecord.DelSeen delSeen : sources.journal().tombstones()) {
            if (delSeen.until().isAfter(now)) {
                messages.add(new Message.RestoredTombstone(delSeen.key(), delSeen.ticket(), delSeen.until()));
            }
        }
        messages.addAll(holders.messages());
        return messages;
    }

    private void restoreKernelPods() {
        List<KernelPod> pods = sources.kernel().stream()
                .sorted(Comparator.comparing(KernelPod::key))
                .toList();
        for (KernelPod pod : pods) {
            Optional<InetAddress> journaled = holders.journalEntry(pod.key())
                    .map(entry -> entry.assignment().address());
            if (journaled.isEmpty()) {
                find(
                        Finding.Kind.NOT_IN_JOURNAL,
                        RecoveredHolders.name(pod.key(), pod.pod()) + " has " + RecoveredHolders.text(pod.address())
                                + " in the kernel and the journal does not know it: it keeps it");
            } else if (!journaled.get().equals(pod.address())) {
                find(
                        Finding.Kind.OTHER_ADDRESS,
                        RecoveredHolders.name(pod.key(), pod.pod()) + " has " + RecoveredHolders.text(pod.address())
                                + " in the kernel and " + RecoveredHolders.text(journaled.get())
                                + " in the journal: it keeps the kernel's");
            }
            holders.restore(pod.key(), pod.pod(), pod.address());
        }
    }

    private void restoreForeignPods() {
        ForeignClaims claims = new ForeignClaims(holders.journalByAddress(), sources.adopted());
        for (InetAddress address : sources.foreign().keySet().stream()
                .sorted(AddressOrder.BY_NUMBER)
                .toList()) {
            String link = sources.foreign().getOrDefault(address, "");
            ForeignClaims.Claim claim = claims.of(address, link)
                    .filter(one -> !holders.has(one.key()))
                    .orElse(null);
            if (claim == null) {
                if (!holders.isHeld(address)) { // else a pod of ours: the kernel's own word
                    holders.restoreForeign(address, "a pod of another CNI plugin, over " + link + ",");
                }
                continue;
            }
            if (holders.isHeld(address)) {
                holders.reached(claim.key());
            }
            if (!claim.fromJournal()) {
                find(
                        Finding.Kind.ADOPTED,
                        RecoveredHolders.name(claim.key(), claim.pod()) + " keeps " + RecoveredHolders.text(address)
                                + ", wired by the AWS VPC CNI");
            }
            holders.restore(claim.key(), claim.pod(), address);
            holders.keepForeign(address, claim.key());
        }
    }

    private void endCheckpointEntries() {
        for (CheckpointEntry entry : sources.adopted()) {
            if (holders.has(entry.key()) || entry.isSupersededBy(sources.journal())) {
                continue;
            }
            if (entry.address() instanceof Inet6Address) {
                find(
                        Finding.Kind.NOT_ADOPTED,
                        "The checkpoint gives " + RecoveredHolders.text(entry.address()) + " to "
                                + RecoveredHolders.name(entry.key(), entry.pod())
                                + ": pods with IPv6 addresses are not taken over; it runs on, and nobody takes its"
                                + " rules and routes away");
                continue;
            }
            boolean ours = holders.eni(entry.address()).isPresent();
            boolean taken = holders.isHeld(entry.address());
            String consequence = !ours
                    ? "EC2 does not list it either, so it is forgotten"
                    : taken ? "another pod has it now" : "it cools first";
            find(
                    Finding.Kind.NOT_ADOPTED,
                    "The checkpoint gives " + RecoveredHolders.text(entry.address()) + " to "
                            + RecoveredHolders.name(entry.key(), entry.pod()) + ", which the kernel does not have; "
                            + consequence);
            if (ours && !taken) {
                cool(entry.address(), now.plus(cooldown));
            }
        }
    }

    /// Sandboxes of the journal that the kernel does not have, or not with that address.
    private void endMissingSandboxes() {
        for (JournalRecord.Assigned entry : sources.journal().assignments()) {
            Assignment was = entry.assignment();
            if (holders.has(was.key(), was.address())) {
                continue;
            }
            boolean taken = holders.isHeld(was.address());
            Instant until = taken ? now : now.plus(cooldown);
            if (!taken) {
                cool(was.address(), until);
            }
            records.add(new JournalRecord.Released(was.key(), was.address(), now, until));
            find(
                    Finding.Kind.SANDBOX_GONE,
                    "The journal gives " + RecoveredHolders.text(was.address()) + " to "
                            + RecoveredHolders.name(was.key(), was.pod())
                            + ", which the kernel does not have; "
                            + (taken ? "another sandbox has it now" : "it cools until " + until));
        }
    }

    private void restoreCooldowns() {
        for (JournalRecord.Released released : sources.journal().released()) {
            if (released.coolsUntil().isAfter(now)) {
                cool(released.address(), released.coolsUntil());
            }
        }
    }

    private void restoreUnassignedBlocks() {
        for (JournalState.UnassignedBlock departure : sources.journal().unassignedBlocks()) {
            if (!departure.at().plus(JournalState.UNASSIGNED_KEPT).isAfter(now)) {
                continue;
            }
            if (holders.isHeld(departure.block())) {
                records.add(new JournalRecord.UnassignFailed(departure.eni(), departure.block(), now));
                find(
                        Finding.Kind.STILL_HELD,
                        departure.block() + " was " + (departure.gone() ? "returned" : "about to be returned")
                                + " to EC2, and yet a sandbox has an address of it: it stays");
            } else {
                unassigned(departure.eni(), departure.block(), departure.gone() ? departure.at() : now);
            }
        }
        for (JournalRecord.Disputed dispute : sources.journal().disputes()) {
            RecoveredHolders.blocksAround(dispute.address()).stream()
                    .filter(block -> holders.eniOf(block).isPresent() && !holders.isHeld(block))
                    .forEach(block -> unassigned(holders.eniOf(block).orElse(dispute.eni()), block, dispute.at()));
        }
    }

    /// Records may be missing: an address that no sandbox has may have been released, or unassigned, just now.
    private void coolAllUnassigned() {
        Instant until = now.plus(cooldown);
        cooling.replaceAll((_, before) -> before.isAfter(until) ? before : until);
        holders.listed().forEach((block, eni) -> {
            if (!holders.isHeld(block)) {
                unassigned(eni, block, now);
            }
            if (BlockKind.of(block) != BlockKind.IPV6_PREFIX) {
                addresses(block).forEach(address -> cool(address, until));
            }
        });
    }

    private void cool(InetAddress address, Instant until) {
        if (!holders.isHeld(address) && until.isAfter(now)) {
            cooling.merge(address, until, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    private void unassigned(EniId eni, Cidr block, Instant at) {
        unassignedBlocks.merge(
                block,
                new Message.RestoredUnassign(eni, block, at),
                (before, after) -> before.at().isAfter(after.at()) ? before : after);
    }

    /// All addresses of a /32 or a /28.
    private static List<InetAddress> addresses(Cidr block) {
        return LongStream.range(0, BlockKind.of(block).addresses())
                .mapToObj(block::addressAt)
                .toList();
    }

    private void find(Finding.Kind kind, String text) {
        holders.find(kind, text);
    }
}
