package io.vpceni.pool.journal;

import io.vpceni.config.Cidr;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.PodName;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Settles what journal, kernel, EC2 and a checkpoint say about the time before this start. The rules are the table in
/// `docs/journal.md`; in short: the kernel knows who is there, the journal who was there and when, and nobody's word
/// alone frees an address.
public final class StartupRecovery {

    private static final Comparator<InetAddress> BY_NUMBER = Comparator.comparingInt(
                    (InetAddress address) -> address.getAddress().length)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private final RecoverySources sources;
    private final Duration cooldown;
    private final Instant now;
    private final boolean gaps;

    private final Map<Cidr, EniId> eniOf = new TreeMap<>();
    private final Map<AttachmentKey, JournalRecord.Assigned> journalByKey = new HashMap<>();
    private final Map<InetAddress, JournalRecord.Assigned> journalByAddress = new HashMap<>();

    private final Map<InetAddress, AttachmentKey> disputedHolders = new HashMap<>();

    private final List<Assignment> restored = new ArrayList<>();
    private final Map<AttachmentKey, InetAddress> keys = new HashMap<>();
    private final Set<InetAddress> held = new HashSet<>();
    private final Set<Cidr> heldBlocks = new HashSet<>();
    private final SortedMap<InetAddress, Instant> cooling = new TreeMap<>(BY_NUMBER);
    private final SortedMap<Cidr, Message.RestoredUnassign> unassignedBlocks = new TreeMap<>();
    /// Who has an address over another plugin's link that a link of ours has too: the host route leads to the
    /// former.
    private final Set<AttachmentKey> reached = new HashSet<>();

    private final Map<InetAddress, AttachmentKey> foreignHolders = new TreeMap<>(BY_NUMBER);
    private final List<JournalRecord> records = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    private StartupRecovery(RecoverySources sources, Duration cooldown, Instant now) {
        this.sources = sources;
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
        sources.ec2().forEach((eni, blocks) -> blocks.forEach(block -> eniOf.put(block, eni)));
        for (JournalRecord.Assigned entry : sources.journal().assignments()) {
            journalByKey.put(entry.assignment().key(), entry);
            journalByAddress.put(entry.assignment().address(), entry); // the later one wins
        }
        for (JournalRecord.Disputed dispute : sources.journal().disputes()) {
            dispute.holder().ifPresent(key -> disputedHolders.put(dispute.address(), key));
        }
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
        return new RecoveryPlan(messages(), records, findings, foreignHolders);
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>(unassignedBlocks.values());
        cooling.forEach((address, until) -> messages.add(new Message.RestoredCooling(address, until)));
        for (JournalRecord.DelSeen delSeen : sources.journal().tombstones()) {
            if (delSeen.until().isAfter(now)) {
                messages.add(new Message.RestoredTombstone(delSeen.key(), delSeen.ticket(), delSeen.until()));
            }
        }
        restored.stream()
                .sorted(Comparator.comparing(Assignment::address, BY_NUMBER)
                        .thenComparing(
                                Comparator.comparingInt(this::claimStrength).reversed())
                        .thenComparing(Assignment::key))
                .forEach(assignment -> messages.add(new Message.Restored(assignment, since(assignment))));
        return messages;
    }

    /// The journal's word on when the sandbox got this address, else the checkpoint's.
    private Optional<Instant> since(Assignment holder) {
        JournalRecord.Assigned entry = journalByKey.get(holder.key());
        if (entry != null && entry.assignment().address().equals(holder.address())) {
            return entry.since();
        }
        return sources.adopted().stream()
                .filter(one -> one.key().equals(holder.key()) && one.address().equals(holder.address()))
                .map(CheckpointEntry::at)
                .max(Comparator.naturalOrder());
    }

    /// Who of several holders of one address is told to the pool first, and so keeps it undisputed: the one to
    /// whom the pool gave it last, unless it was disputed already; before all others the one that the host
    /// route leads to.
    private int claimStrength(Assignment claim) {
        if (reached.contains(claim.key())) {
            return 4;
        }
        JournalRecord.Assigned entry = journalByKey.get(claim.key());
        if (entry == null || !entry.assignment().address().equals(claim.address())) {
            return 0;
        }
        if (claim.key().equals(disputedHolders.get(claim.address()))) {
            return 1;
        }
        return entry.equals(journalByAddress.get(claim.address())) ? 3 : 2;
    }

    private void restoreKernelPods() {
        List<KernelPod> pods = sources.kernel().stream()
                .sorted(Comparator.comparing(KernelPod::key))
                .toList();
        for (KernelPod pod : pods) {
            Optional<InetAddress> journaled = Optional.ofNullable(journalByKey.get(pod.key()))
                    .map(entry -> entry.assignment().address());
            if (journaled.isEmpty()) {
                find(
                        Finding.Kind.NOT_IN_JOURNAL,
                        name(pod.key(), pod.pod()) + " has " + text(pod.address())
                                + " in the kernel and the journal does not know it: it keeps it");
            } else if (!journaled.get().equals(pod.address())) {
                find(
                        Finding.Kind.OTHER_ADDRESS,
                        name(pod.key(), pod.pod()) + " has " + text(pod.address()) + " in the kernel and "
                                + text(journaled.get()) + " in the journal: it keeps the kernel's");
            }
            restore(pod.key(), pod.pod(), pod.address());
        }
    }

    private void restoreForeignPods() {
        ForeignClaims claims = new ForeignClaims(journalByAddress, sources.adopted());
        for (InetAddress address :
                sources.foreign().keySet().stream().sorted(BY_NUMBER).toList()) {
            String link = sources.foreign().getOrDefault(address, "");
            ForeignClaims.Claim claim = claims.of(address, link)
                    .filter(one -> !keys.containsKey(one.key()))
                    .orElse(null);
            if (claim == null) {
                if (!held.contains(address)) { // else a pod of ours: the kernel's own word
                    restoreForeign(address, "a pod of another CNI plugin, over " + link + ",");
                }
                continue;
            }
            if (held.contains(address)) {
                reached.add(claim.key());
            }
            if (!claim.fromJournal()) {
                find(
                        Finding.Kind.ADOPTED,
                        name(claim.key(), claim.pod()) + " keeps " + text(address) + ", wired by the AWS VPC CNI");
            }
            restore(claim.key(), claim.pod(), address);
            foreignHolders.put(address, claim.key());
        }
    }

    private void restoreForeign(InetAddress address, String who) {
        AttachmentKey key = KernelPod.foreignKey(address);
        if (held.contains(address) || keys.containsKey(key)) {
            return;
        }
        find(Finding.Kind.FOREIGN, text(address) + " is not given out: " + who + " has it");
        restore(key, PodName.UNKNOWN, address);
        foreignHolders.put(address, key);
    }

    private void endCheckpointEntries() {
        for (CheckpointEntry entry : sources.adopted()) {
            if (keys.containsKey(entry.key()) || entry.isSupersededBy(sources.journal())) {
                continue;
            }
            if (entry.address() instanceof Inet6Address) {
                find(
                        Finding.Kind.NOT_ADOPTED,
                        "The checkpoint gives " + text(entry.address()) + " to " + name(entry.key(), entry.pod())
                                + ": pods with IPv6 addresses are not taken over; it runs on, and nobody takes its"
                                + " rules and routes away");
                continue;
            }
            boolean ours = eni(entry.address()).isPresent();
            boolean taken = held.contains(entry.address());
            String consequence = !ours
                    ? "EC2 does not list it either, so it is forgotten"
                    : taken ? "another pod has it now" : "it cools first";
            find(
                    Finding.Kind.NOT_ADOPTED,
                    "The checkpoint gives " + text(entry.address()) + " to " + name(entry.key(), entry.pod())
                            + ", which the kernel does not have; " + consequence);
            if (ours && !taken) {
                cool(entry.address(), now.plus(cooldown));
            }
        }
    }

    /// Sandboxes of the journal that the kernel does not have, or not with that address.
    private void endMissingSandboxes() {
        for (JournalRecord.Assigned entry : sources.journal().assignments()) {
            Assignment was = entry.assignment();
            if (was.address().equals(keys.get(was.key()))) {
                continue;
            }
            boolean taken = held.contains(was.address());
            Instant until = taken ? now : now.plus(cooldown);
            if (!taken) {
                cool(was.address(), until);
            }
            records.add(new JournalRecord.Released(was.key(), was.address(), now, until));
            find(
                    Finding.Kind.SANDBOX_GONE,
                    "The journal gives " + text(was.address()) + " to " + name(was.key(), was.pod())
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
            if (heldBlocks.contains(departure.block())) {
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
            blocksAround(dispute.address()).stream()
                    .filter(block -> eniOf.containsKey(block) && !heldBlocks.contains(block))
                    .forEach(block -> unassigned(eniOf.getOrDefault(block, dispute.eni()), block, dispute.at()));
        }
    }

    /// Nobody knows what is missing in the journal: what no sandbox has may have been released or have left
    /// just now.
    private void coolAllUnassigned() {
        Instant until = now.plus(cooldown);
        cooling.replaceAll((_, before) -> before.isAfter(until) ? before : until);
        eniOf.forEach((block, eni) -> {
            if (!heldBlocks.contains(block)) {
                unassigned(eni, block, now);
            }
            if (BlockKind.of(block) != BlockKind.IPV6_PREFIX) {
                addresses(block).forEach(address -> cool(address, until));
            }
        });
    }

    private void restore(AttachmentKey key, PodName pod, InetAddress address) {
        if (keys.putIfAbsent(key, address) != null) {
            find(
                    Finding.Kind.TWO_HOLDERS,
                    "The kernel has two links of " + name(key, pod) + "; the second has " + text(address));
            restoreForeign(address, "a second link of " + name(key, pod));
            return;
        }
        if (!held.add(address)) {
            find(
                    Finding.Kind.TWO_HOLDERS,
                    "Two sandboxes have " + text(address) + "; " + name(key, pod) + " is one of them");
        }
        heldBlocks.addAll(blocksAround(address));
        EniId eni = eni(address).orElseGet(() -> {
            find(
                    Finding.Kind.NOT_LISTED,
                    "EC2 does not list " + text(address) + " of " + name(key, pod) + ": it is kept and disputed");
            return Optional.ofNullable(journalByKey.get(key))
                    .map(JournalRecord.Assigned::assignment)
                    .filter(known -> known.address().equals(address))
                    .map(Assignment::eni)
                    .orElse(sources.primary());
        });
        restored.add(new Assignment(key, pod, address, eni));
    }

    private void cool(InetAddress address, Instant until) {
        if (!held.contains(address) && until.isAfter(now)) {
            cooling.merge(address, until, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    private void unassigned(EniId eni, Cidr block, Instant at) {
        unassignedBlocks.merge(
                block,
                new Message.RestoredUnassign(eni, block, at),
                (before, after) -> before.at().isAfter(after.at()) ? before : after);
    }

    private Optional<EniId> eni(InetAddress address) {
        return blocksAround(address).stream()
                .flatMap(block -> Optional.ofNullable(eniOf.get(block)).stream())
                .findFirst();
    }

    private static List<Cidr> blocksAround(InetAddress address) {
        int bits = address.getAddress().length * Byte.SIZE;
        return Arrays.stream(BlockKind.values())
                .filter(kind -> (kind == BlockKind.IPV6_PREFIX) == (bits == 128))
                .map(kind -> Cidr.containing(address, kind.prefixBits()))
                .toList();
    }

    /// All addresses of a /32 or a /28.
    private static List<InetAddress> addresses(Cidr block) {
        List<InetAddress> all = new ArrayList<>();
        for (long i = 0; i < BlockKind.of(block).addresses(); i++) {
            byte[] bytes = block.network().getAddress();
            bytes[bytes.length - 1] += (byte) i; // the block's own bits there are 0
            try {
                all.add(InetAddress.getByAddress(bytes));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address has 4 or 16 bytes", e);
            }
        }
        return all;
    }

    private void find(Finding.Kind kind, String text) {
        findings.add(new Finding(kind, text));
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }

    private static String name(AttachmentKey key, PodName pod) {
        String container =
                key.containerId().substring(0, Math.min(13, key.containerId().length()));
        return pod.equals(PodName.UNKNOWN) ? "sandbox " + container : pod + " (sandbox " + container + ")";
    }
}
