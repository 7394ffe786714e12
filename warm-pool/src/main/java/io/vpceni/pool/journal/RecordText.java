package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/// A record as words: its kind, then its fields, one space between them.
final class RecordText {
    private static final String NOBODY = "nobody";
    private static final String HELD_BY = "held-by";
    private static final String SINCE = "since";
    private static final String UNKNOWN = "unknown";
    private static final String TICKET = "ticket";

    private RecordText() {}

    static String write(JournalRecord entry) {
        return switch (entry) {
            case JournalRecord.Assigned(Assignment a, Instant at, Optional<Instant> since, OptionalLong ticket) ->
                words(
                                "assigned",
                                at,
                                a.address().getHostAddress(),
                                a.eni(),
                                key(a.key()),
                                Fields.encode(a.pod().namespace()),
                                Fields.encode(a.pod().name()))
                        + since(at, since)
                        + ticket(ticket);
            case JournalRecord.Released(AttachmentKey key, InetAddress address, Instant at, Instant until) ->
                words("released", at, until, address.getHostAddress(), key(key));
            case JournalRecord.DelSeen(AttachmentKey key, long ticket, Instant until) ->
                words("del-seen", until, ticket, key(key));
            case JournalRecord.Disputed(InetAddress address, EniId eni, Optional<AttachmentKey> holder, Instant at) ->
                words(
                        "disputed",
                        at,
                        address.getHostAddress(),
                        eni,
                        holder.map(key -> HELD_BY + " " + key(key)).orElse(NOBODY));
            case JournalRecord.DisputeResolved(InetAddress address, Instant at) ->
                words("dispute-resolved", at, address.getHostAddress());
            case JournalRecord.Leaving(EniId eni, Cidr block, Instant at) -> words("leaving", at, eni, block);
            case JournalRecord.Unassigned(EniId eni, Cidr block, Instant at) -> words("unassigned", at, eni, block);
            case JournalRecord.UnassignFailed(EniId eni, Cidr block, Instant at) ->
                words("unassign-failed", at, eni, block);
        };
    }

    /// @throws IllegalArgumentException when it is not a record of this format version
    static JournalRecord read(String text) {
        Iterator<String> words = split(text).iterator();
        try {
            JournalRecord entry = read(words.next(), words);
            if (words.hasNext()) {
                throw new IllegalArgumentException("more words than fields in '" + text + "'");
            }
            return entry;
        } catch (NoSuchElementException | DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no record", e);
        }
    }

    private static JournalRecord read(String kind, Iterator<String> words) {
        return switch (kind) {
            case "assigned" -> assigned(words);
            case "released" -> {
                Instant at = Instant.parse(words.next());
                Instant until = Instant.parse(words.next());
                InetAddress address = InetAddress.ofLiteral(words.next());
                yield new JournalRecord.Released(key(words), address, at, until);
            }
            case "del-seen" -> {
                Instant until = Instant.parse(words.next());
                long ticket = Long.parseLong(words.next());
                yield new JournalRecord.DelSeen(key(words), ticket, until);
            }
            case "disputed" -> {
                Instant at = Instant.parse(words.next());
                InetAddress address = InetAddress.ofLiteral(words.next());
                EniId eni = new EniId(words.next());
                yield new JournalRecord.Disputed(address, eni, holder(words), at);
            }
            case "dispute-resolved" -> {
                Instant at = Instant.parse(words.next());
                yield new JournalRecord.DisputeResolved(InetAddress.ofLiteral(words.next()), at);
            }
            case "leaving" -> {
                Instant at = Instant.parse(words.next());
                yield new JournalRecord.Leaving(new EniId(words.next()), Cidr.parse(words.next()), at);
            }
            case "unassigned" -> {
                Instant at = Instant.parse(words.next());
                yield new JournalRecord.Unassigned(new EniId(words.next()), Cidr.parse(words.next()), at);
            }
            case "unassign-failed" -> {
                Instant at = Instant.parse(words.next());
                yield new JournalRecord.UnassignFailed(new EniId(words.next()), Cidr.parse(words.next()), at);
            }
            default -> throw new IllegalArgumentException("'" + kind + "' is no kind of record");
        };
    }

    private static JournalRecord assigned(Iterator<String> words) {
        Instant at = Instant.parse(words.next());
        InetAddress address = InetAddress.ofLiteral(words.next());
        EniId eni = new EniId(words.next());
        AttachmentKey key = key(words);
        PodName pod = new PodName(Fields.decode(words.next()), Fields.decode(words.next()));
        Optional<Instant> since = Optional.of(at);
        OptionalLong ticket = OptionalLong.empty();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case SINCE -> since = since(words.next());
                case TICKET -> ticket = OptionalLong.of(Long.parseLong(words.next()));
                default -> throw new IllegalArgumentException("'" + word + "': want " + SINCE + " or " + TICKET);
            }
        }
        return new JournalRecord.Assigned(new Assignment(key, pod, address, eni), at, since, ticket);
    }

    static List<String> split(String text) {
        return Arrays.asList(text.split(" ", -1));
    }

    private static String words(Object... fields) {
        StringBuilder out = new StringBuilder(160);
        for (Object field : fields) {
            if (!out.isEmpty()) {
                out.append(' ');
            }
            out.append(field);
        }
        return out.toString();
    }

    /// Said only when it is another time than that of the record.
    private static String since(Instant at, Optional<Instant> since) {
        return since.filter(at::equals).isPresent()
                ? ""
                : " " + SINCE + " " + since.map(Instant::toString).orElse(UNKNOWN);
    }

    private static String ticket(OptionalLong ticket) {
        return ticket.isPresent() ? " " + TICKET + " " + ticket.getAsLong() : "";
    }

    private static Optional<Instant> since(String time) {
        return time.equals(UNKNOWN) ? Optional.empty() : Optional.of(Instant.parse(time));
    }

    private static String key(AttachmentKey key) {
        return Fields.encode(key.network()) + " " + Fields.encode(key.containerId()) + " "
                + Fields.encode(key.interfaceName());
    }

    private static AttachmentKey key(Iterator<String> words) {
        return new AttachmentKey(Fields.decode(words.next()), Fields.decode(words.next()), Fields.decode(words.next()));
    }

    private static Optional<AttachmentKey> holder(Iterator<String> words) {
        String who = words.next();
        return switch (who) {
            case NOBODY -> Optional.empty();
            case HELD_BY -> Optional.of(key(words));
            default -> throw new IllegalArgumentException("'" + who + "': want " + NOBODY + " or " + HELD_BY);
        };
    }
}
