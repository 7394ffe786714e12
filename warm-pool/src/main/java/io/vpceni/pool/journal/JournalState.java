package io.vpceni.pool.journal;

import io.vpceni.config.Cidr;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What all records so far say together. Of several records about one thing, the last one counts.
///
/// Bounded: beyond [#COUNT_MAX] things one is forgotten and counted: the oldest tombstone, else the oldest departure,
/// else the oldest cooling address, else the oldest dispute. A sandbox that has an address is never forgotten; a node
/// with as many there is not ([#isOverfull]). Mutable, confined to its owner.
public final class JournalState {

    /// Above what the largest node has of addresses (15 ENIs of 49 prefixes: 11,760), and with the records of all
    /// of them some 10 MB.
    public static final int COUNT_MAX = 16_384;

    /// How long an unassigned block is remembered. EC2's views are taken to be at most a minute old.
    public static final Duration UNASSIGNED_KEPT = Duration.ofMinutes(10);

    /// How long after a gap was found earlier addresses are not trusted: what cooled or was unassigned in the
    /// missing records is over by then.
    public static final Duration GAP_KEPT = Duration.ofMinutes(2);

    /// Whether records may be missing.
    public enum Trust {
        /// All that was acknowledged is here.
        WHOLE,
        /// Something was written that cannot be read.
        GAPS,
        /// There was no journal.
        ABSENT
    }

    /// What may be forgotten when there is no room, in this order.
    public enum Kind {
        TOMBSTONE,
        UNASSIGNED_BLOCK,
        COOLING_ADDRESS,
        DISPUTE
    }

    /// A block that was unassigned, or about to be.
    ///
    /// @param gone whether EC2 has taken it back; else it was only about to be asked
    public record UnassignedBlock(EniId eni, Cidr block, Instant at, boolean gone) {}

    /// In the order in which they were written, so that a replay of them gives the same again.
    private final SequencedMap<RecordSubject, JournalRecord> last = new LinkedHashMap<>();

    private final SequencedMap<InetAddress, JournalRecord.Disputed> disputes = new LinkedHashMap<>();

    // Those of `last` that may be forgotten, each in the same order.
    private final SequencedSet<RecordSubject> tombstoneSubjects = new LinkedHashSet<>();
    private final SequencedSet<RecordSubject> blockSubjects = new LinkedHashSet<>();
    private final SequencedSet<RecordSubject> cooling = new LinkedHashSet<>();
    private final Trust trust;
    private final Map<Kind, Long> forgotten = new EnumMap<>(Kind.class);
    private @Nullable Instant gapAt;

    public JournalState(Trust trust) {
        this.trust = trust;
    }

    /// Another with the same content.
    public JournalState copy() {
        return trusted(trust);
    }

    /// Another with the same content and that trust.
    JournalState trusted(Trust other) {
        JournalState copy = new JournalState(other);
        copy.last.putAll(last);
        copy.disputes.putAll(disputes);
        copy.tombstoneSubjects.addAll(tombstoneSubjects);
        copy.blockSubjects.addAll(blockSubjects);
        copy.cooling.addAll(cooling);
        copy.forgotten.putAll(forgotten);
        copy.gapAt = gapAt;
        return copy;
    }

    /// When it was found that records are missing, if it was.
    public Optional<Instant> gapAt() {
        return Optional.ofNullable(gapAt);
    }

    /// Records from before then may be missing, though those of later are all here.
    public void noteGap(Instant at) {
        gapAt = at;
    }

    public Trust trust() {
        return trust;
    }

    /// Takes the next record in.
    public void apply(JournalRecord entry) {
        switch (entry) {
            case JournalRecord.Assigned assigned -> {
                InetAddress address = assigned.assignment().address();
                remove(new RecordSubject.Cooling(address));
                for (BlockKind kind : BlockKind.values()) {
                    if (kind.prefixBits() <= address.getAddress().length * Byte.SIZE) {
                        remove(new RecordSubject.ReturnedBlock(Cidr.containing(address, kind.prefixBits())));
                    }
                }
                put(new RecordSubject.Holder(assigned.assignment().key()), assigned);
            }
            case JournalRecord.Released released -> {
                RecordSubject holder = new RecordSubject.Holder(released.key());
                if (last.get(holder) instanceof JournalRecord.Assigned held
                        && held.assignment().address().equals(released.address())) {
                    remove(holder);
                }
                put(new RecordSubject.Cooling(released.address()), released);
            }
            case JournalRecord.DelSeen delSeen -> put(new RecordSubject.Tombstone(delSeen.key()), delSeen);
            case JournalRecord.Disputed disputed -> {
                disputes.remove(disputed.address());
                disputes.putLast(disputed.address(), disputed);
                bound();
            }
            case JournalRecord.DisputeResolved resolved ->
                disputes.keySet().removeIf(address -> RecordSubject.isResolvedBy(resolved.address(), address));
            case JournalRecord.Leaving leaving -> put(new RecordSubject.ReturnedBlock(leaving.block()), leaving);
            case JournalRecord.Unassigned unassigned -> {
                disputes.keySet().removeIf(unassigned.block()::contains);
                put(new RecordSubject.ReturnedBlock(unassigned.block()), unassigned);
            }
            case JournalRecord.UnassignFailed failed -> remove(new RecordSubject.ReturnedBlock(failed.block()));
        }
    }

    /// The records that make this state again, oldest first. What has run out by then is forgotten first.
    public List<JournalRecord> records(Instant now) {
        List<RecordSubject> over = last.entrySet().stream()
                .filter(entry -> RecordTimes.hasRunOut(entry.getValue(), now))
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(this::remove);
        List<JournalRecord> records = new ArrayList<>(last.values());
        records.addAll(disputes.values());
        return records;
    }

    /// Who has an address, oldest first. Two keys may name one address: then a record is missing.
    public List<JournalRecord.Assigned> assignments() {
        return those(entry -> entry instanceof JournalRecord.Assigned assigned ? assigned : null);
    }

    /// Addresses that were released and not assigned since; some may have cooled by now.
    public List<JournalRecord.Released> released() {
        return those(entry -> entry instanceof JournalRecord.Released released ? released : null);
    }

    public List<JournalRecord.DelSeen> tombstones() {
        return those(entry -> entry instanceof JournalRecord.DelSeen delSeen ? delSeen : null);
    }

    public List<UnassignedBlock> unassignedBlocks() {
        return those(entry -> switch (entry) {
            case JournalRecord.Leaving(EniId eni, Cidr block, Instant at) -> new UnassignedBlock(eni, block, at, false);
            case JournalRecord.Unassigned(EniId eni, Cidr block, Instant at) ->
                new UnassignedBlock(eni, block, at, true);
            case JournalRecord.Assigned _,
                    JournalRecord.Released _,
                    JournalRecord.DelSeen _,
                    JournalRecord.Disputed _,
                    JournalRecord.DisputeResolved _,
                    JournalRecord.UnassignFailed _ -> null;
        });
    }

    /// Addresses about which the views disagreed.
    public List<JournalRecord.Disputed> disputes() {
        return List.copyOf(disputes.values());
    }

    /// When the latest of what is remembered was written; empty when no such time is known.
    public Optional<Instant> latest() {
        return Stream.concat(last.values().stream(), disputes.values().stream())
                .flatMap(entry -> RecordTimes.writtenAt(entry).stream())
                .max(Comparator.naturalOrder());
    }

    /// Things remembered.
    public int count() {
        return last.size() + disputes.size();
    }

    /// Whether more sandboxes have addresses than a node can have: then it is no journal to go by.
    public boolean isOverfull() {
        return count() > COUNT_MAX;
    }

    /// How many of each kind had to be forgotten for want of room; kinds of which none was are not in it.
    public Map<Kind, Long> forgotten() {
        return Collections.unmodifiableMap(forgotten);
    }

    private <T> List<T> those(Function<JournalRecord, @Nullable T> as) {
        List<T> result = new ArrayList<>();
        for (JournalRecord entry : last.values()) {
            T value = as.apply(entry);
            if (value != null) {
                result.add(value);
            }
        }
        return result;
    }

    private void put(RecordSubject subject, JournalRecord entry) {
        remove(subject);
        last.putLast(subject, entry);
        forgettable(subject).ifPresent(those -> those.addLast(subject));
        bound();
    }

    private void remove(RecordSubject subject) {
        last.remove(subject);
        forgettable(subject).ifPresent(those -> those.remove(subject));
    }

    private Optional<SequencedSet<RecordSubject>> forgettable(RecordSubject subject) {
        return switch (subject) {
            case RecordSubject.Holder _ -> Optional.empty();
            case RecordSubject.Tombstone _ -> Optional.of(tombstoneSubjects);
            case RecordSubject.ReturnedBlock _ -> Optional.of(blockSubjects);
            case RecordSubject.Cooling _ -> Optional.of(cooling);
        };
    }

    private void bound() {
        if (count() <= COUNT_MAX) {
            return;
        }
        for (Kind kind : Kind.values()) {
            if (forgetOldest(kind)) {
                forgotten.merge(kind, 1L, Long::sum);
                return;
            }
        }
    }

    /// @return whether there was one
    private boolean forgetOldest(Kind kind) {
        return switch (kind) {
            case TOMBSTONE -> forgetFirst(tombstoneSubjects);
            case UNASSIGNED_BLOCK -> forgetFirst(blockSubjects);
            case COOLING_ADDRESS -> forgetFirst(cooling);
            case DISPUTE -> disputes.pollFirstEntry() != null;
        };
    }

    private boolean forgetFirst(SequencedSet<RecordSubject> those) {
        if (those.isEmpty()) {
            return false;
        }
        remove(those.getFirst());
        return true;
    }
}
