package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Keys for which a DEL came, so that an ADD that the DEL overtook is not given an address that nobody would release.
///
/// The rule: tickets are in the order in which the plugin's processes began, whenever their requests arrive and in
/// whatever life of ipamd. An ADD with a smaller ticket than a DEL of the same key was sent before it and is cancelled;
/// an ADD with a greater ticket came after it, is new, and is served at once. So DEL without ADD, DEL twice, and ADD
/// again with the same key all work.
final class Tombstones {

    /// How long after a DEL an ADD that is older may still come. Container runtimes end a plugin after two minutes
    /// (kubelet's runtimeRequestTimeout), and ipamd serves no ADD whose process began longer ago than that; one
    /// minute more is for the way from the socket to the pool.
    static final Duration LIFETIME = Duration.ofMinutes(3);

    /// More than five DELs for each pod of the largest node. Beyond it the oldest is forgotten, and [#forgotten]
    /// keeps what it was there for.
    static final int COUNT_MAX = 4096;

    private record Tombstone(long ticket, Instant until) {}

    private final SequencedMap<AttachmentKey, Tombstone> byKey = new LinkedHashMap<>();

    /// The latest DEL that was forgotten for want of room: an ADD that is older may be the one that it was
    /// there for.
    private long forgotten = Long.MIN_VALUE;

    /// Notes that a DEL of the key with that ticket came.
    ///
    /// @return what has to outlive ipamd
    JournalRecord.DelSeen place(AttachmentKey key, long ticket, Instant now) {
        Tombstone before = byKey.remove(key);
        long latest = before == null ? ticket : Math.max(ticket, before.ticket());
        Instant until = now.plus(LIFETIME);
        byKey.putLast(key, new Tombstone(latest, until));
        if (byKey.size() > COUNT_MAX) {
            Map.Entry<AttachmentKey, Tombstone> oldest = byKey.pollFirstEntry();
            forgotten = Math.max(forgotten, oldest.getValue().ticket());
        }
        return new JournalRecord.DelSeen(key, latest, until);
    }

    /// A tombstone from before a restart. They come in any order, so each is kept as long as a new one.
    void restore(AttachmentKey key, long ticket, Instant until, Instant now) {
        if (until.isAfter(now)) {
            place(key, ticket, now);
        }
    }

    /// Whether a DEL overtook the ADD with that ticket.
    boolean overtook(AttachmentKey key, long ticket) {
        Tombstone tombstone = byKey.get(key);
        return tombstone != null && ticket < tombstone.ticket();
    }

    /// Whether a DEL that was forgotten may have overtaken the ADD with that ticket.
    boolean mayHaveOvertaken(long ticket) {
        return ticket < forgotten;
    }

    void forgetExpired(Instant now) {
        while (!byKey.isEmpty() && !byKey.firstEntry().getValue().until().isAfter(now)) {
            byKey.pollFirstEntry();
        }
    }
}
