package io.vpceni.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Keys for which a DEL came, so that an ADD that the DEL overtook is not given an address that nobody would release.
///
/// The rule: tickets are drawn from one growing counter when a request reaches ipamd, before anything can reorder
/// them. An ADD with a smaller ticket than a DEL of the same key was sent before it and is cancelled; an ADD with a
/// greater ticket came after it, is new, and is served. So a tombstone needs to outlive only the way from the socket to
/// the pool, not the habits of a runtime: DEL without ADD, DEL twice, and ADD again with the same key all work.
final class Tombstones {

    /// The longest way from the socket to the pool that is thought of, with a wide margin.
    static final Duration LIFETIME = Duration.ofMinutes(1);

    /// Far more DELs than a node sees in a minute; beyond it the oldest is forgotten.
    static final int COUNT_MAX = 4096;

    private record Tombstone(long ticket, Instant until) {}

    private final SequencedMap<AttachmentKey, Tombstone> byKey = new LinkedHashMap<>();

    /// Notes that a DEL of the key with that ticket came.
    ///
    /// @return what has to outlive ipamd
    JournalRecord.Buried place(AttachmentKey key, long ticket, Instant now) {
        Tombstone before = byKey.remove(key);
        long latest = before == null ? ticket : Math.max(ticket, before.ticket());
        Instant until = now.plus(LIFETIME);
        byKey.putLast(key, new Tombstone(latest, until));
        if (byKey.size() > COUNT_MAX) {
            byKey.pollFirstEntry();
        }
        return new JournalRecord.Buried(key, latest, until);
    }

    /// A tombstone of before a restart. They come in any order, so each lives as long as a new one.
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

    void forgetExpired(Instant now) {
        while (!byKey.isEmpty() && !byKey.firstEntry().getValue().until().isAfter(now)) {
            byKey.pollFirstEntry();
        }
    }
}
