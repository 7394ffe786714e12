package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// When a record was written, until when it says something, and its times by the clock of another process.
final class RecordTimes {
    private RecordTimes() {}

    /// The same record with its times moved from one life's words to another's.
    static JournalRecord translate(JournalRecord entry, JournalClock from, JournalClock to) {
        return switch (entry) {
            case JournalRecord.Assigned(
                    Assignment assignment,
                    Instant at,
                    Optional<Instant> since,
                    OptionalLong ticket) ->
                new JournalRecord.Assigned(
                        assignment,
                        to.translate(at, from),
                        since.map(time -> to.translate(time, from)),
                        to.isOfSameBoot(from) ? ticket : OptionalLong.empty());
            case JournalRecord.Released(AttachmentKey key, InetAddress address, Instant at, Instant until) ->
                new JournalRecord.Released(key, address, to.translate(at, from), to.translate(until, from));
            case JournalRecord.DelSeen(AttachmentKey key, long ticket, Instant until) ->
                new JournalRecord.DelSeen(key, ticket, to.translate(until, from));
            case JournalRecord.Disputed(InetAddress address, EniId eni, Optional<AttachmentKey> holder, Instant at) ->
                new JournalRecord.Disputed(address, eni, holder, to.translate(at, from));
            case JournalRecord.DisputeResolved(InetAddress address, Instant at) ->
                new JournalRecord.DisputeResolved(address, to.translate(at, from));
            case JournalRecord.Leaving(EniId eni, Cidr block, Instant at) ->
                new JournalRecord.Leaving(eni, block, to.translate(at, from));
            case JournalRecord.Unassigned(EniId eni, Cidr block, Instant at) ->
                new JournalRecord.Unassigned(eni, block, to.translate(at, from));
            case JournalRecord.UnassignFailed(EniId eni, Cidr block, Instant at) ->
                new JournalRecord.UnassignFailed(eni, block, to.translate(at, from));
        };
    }

    /// Empty for a tombstone, which tells only when it ends.
    static Optional<Instant> writtenAt(JournalRecord entry) {
        return switch (entry) {
            case JournalRecord.Assigned assigned -> Optional.of(assigned.at());
            case JournalRecord.Released released -> Optional.of(released.at());
            case JournalRecord.Disputed disputed -> Optional.of(disputed.at());
            case JournalRecord.DisputeResolved resolved -> Optional.of(resolved.at());
            case JournalRecord.Leaving leaving -> Optional.of(leaving.at());
            case JournalRecord.Unassigned unassigned -> Optional.of(unassigned.at());
            case JournalRecord.UnassignFailed failed -> Optional.of(failed.at());
            case JournalRecord.DelSeen _ -> Optional.empty(); // tells only when it ends
        };
    }

    /// Whether it says nothing any more.
    static boolean hasRunOut(JournalRecord entry, Instant now) {
        return switch (entry) {
            case JournalRecord.Released released -> !released.coolsUntil().isAfter(now);
            case JournalRecord.DelSeen delSeen -> !delSeen.until().isAfter(now);
            case JournalRecord.Leaving leaving ->
                !leaving.at().plus(JournalState.UNASSIGNED_KEPT).isAfter(now);
            case JournalRecord.Unassigned unassigned ->
                !unassigned.at().plus(JournalState.UNASSIGNED_KEPT).isAfter(now);
            case JournalRecord.Assigned _,
                    JournalRecord.Disputed _,
                    JournalRecord.DisputeResolved _,
                    JournalRecord.UnassignFailed _ -> false;
        };
    }
}
