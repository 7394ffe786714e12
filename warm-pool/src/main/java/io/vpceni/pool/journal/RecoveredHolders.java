package io.vpceni.pool.journal;

import io.vpceni.config.AddressOrder;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// Who has which address when ipamd starts, as it is found out source by source, and what is to be said of it.
final class RecoveredHolders {
    private final RecoverySources sources;
    private final Map<Cidr, EniId> eniOf = new TreeMap<>();
    private final Map<AttachmentKey, JournalRecord.Assigned> journalByKey = new HashMap<>();
    private final Map<InetAddress, JournalRecord.Assigned> journalByAddress = new HashMap<>();
    private final Map<InetAddress, AttachmentKey> disputedHolders = new HashMap<>();
    private final List<Assignment> restored = new ArrayList<>();
    private final Map<AttachmentKey, InetAddress> keys = new HashMap<>();
    private final Set<InetAddress> held = new HashSet<>();
    private final Set<Cidr> heldBlocks = new HashSet<>();
    private final Set<AttachmentKey> reached = new HashSet<>();
    private final Map<InetAddress, AttachmentKey> foreignHolders = new TreeMap<>(AddressOrder.BY_NUMBER);
    private final List<Finding> findings = new ArrayList<>();

    RecoveredHolders(RecoverySources sources) {
        this.sources = sources;
        sources.ec2().forEach((eni, blocks) -> blocks.forEach(block -> eniOf.put(block, eni)));
        for (JournalRecord.Assigned entry : sources.journal().assignments()) {
            journalByKey.put(entry.assignment().key(), entry);
            journalByAddress.put(entry.assignment().address(), entry); // the later one wins
        }
        for (JournalRecord.Disputed dispute : sources.journal().disputes()) {
            dispute.holder().ifPresent(key -> disputedHolders.put(dispute.address(), key));
        }
    }

    /// The journal's last word on the sandbox.
    Optional<JournalRecord.Assigned> journalEntry(AttachmentKey key) {
        return Optional.ofNullable(journalByKey.get(key));
    }

    /// The journal's last word on each address.
    Map<InetAddress, JournalRecord.Assigned> journalByAddress() {
        return Collections.unmodifiableMap(journalByAddress);
    }

    boolean has(AttachmentKey key) {
        return keys.containsKey(key);
    }

    boolean has(AttachmentKey key, InetAddress address) {
        return address.equals(keys.get(key));
    }

    boolean isHeld(InetAddress address) {
        return held.contains(address);
    }

    /// Whether a sandbox has an address of it.
    boolean isHeld(Cidr block) {
        return heldBlocks.contains(block);
    }

    /// Blocks that EC2 lists, with their ENIs.
    Map<Cidr, EniId> listed() {
        return Collections.unmodifiableMap(eniOf);
    }

    Optional<EniId> eniOf(Cidr block) {
        return Optional.ofNullable(eniOf.get(block));
    }

    /// The host route of an address that two links have leads to this sandbox, over another plugin's link.
    void reached(AttachmentKey key) {
        reached.add(key);
    }

    /// A pod of another CNI plugin has the address; the pool keeps it under this key.
    void keepForeign(InetAddress address, AttachmentKey key) {
        foreignHolders.put(address, key);
    }

    Map<InetAddress, AttachmentKey> foreignHolders() {
        return foreignHolders;
    }

    void find(Finding.Kind kind, String text) {
        findings.add(new Finding(kind, text));
    }

    List<Finding> findings() {
        return findings;
    }

    /// What the pool is told of them, in order.
    List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        restored.stream()
                .sorted(Comparator.comparing(Assignment::address, AddressOrder.BY_NUMBER)
                        .thenComparing(
                                Comparator.comparingInt(this::claimStrength).reversed())
                        .thenComparing(Assignment::key))
                .forEach(assignment ->
                        messages.add(new Message.Restored(assignment, since(assignment), ticket(assignment))));
        return messages;
    }

    /// The journal's word on which ADD it was, if that was in this boot.
    private OptionalLong ticket(Assignment holder) {
        JournalRecord.Assigned entry = journalByKey.get(holder.key());
        return entry == null || !entry.assignment().address().equals(holder.address())
                ? OptionalLong.empty()
                : entry.ticket();
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

    void restoreForeign(InetAddress address, String who) {
        AttachmentKey key = KernelPod.foreignKey(address);
        if (held.contains(address) || keys.containsKey(key)) {
            return;
        }
        find(Finding.Kind.FOREIGN, text(address) + " is not given out: " + who + " has it");
        restore(key, PodName.UNKNOWN, address);
        foreignHolders.put(address, key);
    }

    void restore(AttachmentKey key, PodName pod, InetAddress address) {
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

    Optional<EniId> eni(InetAddress address) {
        return blocksAround(address).stream()
                .flatMap(block -> Optional.ofNullable(eniOf.get(block)).stream())
                .findFirst();
    }

    /// Each kind of block that may contain the address.
    static List<Cidr> blocksAround(InetAddress address) {
        int bits = address.getAddress().length * Byte.SIZE;
        return Arrays.stream(BlockKind.values())
                .filter(kind -> (kind == BlockKind.IPV6_PREFIX) == (bits == 128))
                .map(kind -> Cidr.containing(address, kind.prefixBits()))
                .toList();
    }

    static String text(InetAddress address) {
        return address.getHostAddress();
    }

    static String name(AttachmentKey key, PodName pod) {
        String container =
                key.containerId().substring(0, Math.min(13, key.containerId().length()));
        return pod.equals(PodName.UNKNOWN) ? "sandbox " + container : pod + " (sandbox " + container + ")";
    }
}
