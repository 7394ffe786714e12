package io.vpceni.lab.simulate.mutant;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.port.AnswerView;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.port.PoolInputView;
import io.vpceni.lab.simulate.port.StartView;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Mutants about rests, and about what outlives a crash.
public final class TimeMutants {
    private TimeMutants() {}

    public static List<NamedMutant> all() {
        return List.of(
                new NamedMutant(
                        "cooldown-a-second-short",
                        Invariant.COOLDOWN_KEPT,
                        "each address rests one second less than the settings say",
                        CooldownShort::new),
                new NamedMutant(
                        "cooldown-lost-on-restart",
                        Invariant.COOLDOWN_KEPT,
                        "no rest is known after a restart",
                        CooldownLost::new),
                new NamedMutant(
                        "release-is-taken-for-unwritten",
                        Invariant.COOLDOWN_KEPT,
                        "a released address is free at once, as if nobody had ever had it",
                        NoRest::new),
                new NamedMutant(
                        "journal-loses-a-record",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "each fiftieth record does not reach the disk",
                        LostRecord::new),
                new NamedMutant(
                        "journal-writes-later",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "records are written with the next ones: the answer comes first",
                        WritesLater::new),
                new NamedMutant(
                        "recovery-drops-a-sandbox",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "a restart takes the sandboxes it found last for dead",
                        DropsSandbox::new),
                new NamedMutant(
                        "tombstone-forgotten",
                        Invariant.NOTHING_LEAKS,
                        "a DEL without an ADD leaves no trace: the late ADD gets an address",
                        TombstoneForgotten::new),
                new NamedMutant(
                        "tombstones-live-a-minute",
                        Invariant.NOTHING_LEAKS,
                        "a DEL is forgotten after 60 s: an ADD that is older and comes then gets an address",
                        TombstonesLiveAMinute::new),
                new NamedMutant(
                        "tombstones-die-with-ipamd",
                        Invariant.NOTHING_LEAKS,
                        "a restart forgets which DELs came: an ADD of before it that comes then gets an address",
                        TombstonesDieWithIpamd::new),
                new NamedMutant(
                        "kernel-not-looked-at",
                        Invariant.NOTHING_LEAKS,
                        "sandboxes that are gone are never noticed: a lost DEL keeps its address for ever",
                        KernelNotLookedAt::new));
    }

    private static final class CooldownShort extends Mutant {
        @Override
        public PoolSettings settings(PoolSettings s) {
            Duration shorter =
                    s.cooldown().isZero() ? s.cooldown() : s.cooldown().minusSeconds(1);
            return new PoolSettings(
                    s.warmEniTarget(),
                    s.warmIpTarget(),
                    s.minimumIpTarget(),
                    s.maxEni(),
                    shorter,
                    s.mode(),
                    s.warmPrefixTarget(),
                    s.podsMax(),
                    s.policy());
        }
    }

    private static final class CooldownLost extends Mutant {
        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            return messages.stream()
                    .filter(message -> !(message instanceof Message.RestoredCooling))
                    .toList();
        }
    }

    private static final class NoRest extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            onwards.accept(
                    message instanceof Message.Release(AttachmentKey key) ? new Message.Unwritten(key) : message);
        }
    }

    private static final class LostRecord extends Mutant {
        private int count;

        @Override
        public List<JournalRecord> written(List<JournalRecord> records, Instant now) {
            List<JournalRecord> kept = new ArrayList<>();
            for (JournalRecord record : records) {
                if (++count % 50 != 0) {
                    kept.add(record);
                }
            }
            return kept;
        }
    }

    private static final class WritesLater extends Mutant {
        private List<JournalRecord> waiting = List.of();

        @Override
        public List<JournalRecord> written(List<JournalRecord> records, Instant now) {
            List<JournalRecord> earlier = waiting;
            waiting = records;
            return earlier;
        }
    }

    private static final class DropsSandbox extends Mutant {
        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            boolean sandboxIsLast = !messages.isEmpty() && messages.getLast() instanceof Message.Restored;
            return sandboxIsLast ? messages.subList(0, messages.size() - 1) : messages;
        }
    }

    private static final class TombstoneForgotten extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.CancelWaitingAdds(long _, AttachmentKey key) && !port.hasSandbox(key)) {
                return;
            }
            onwards.accept(message);
        }
    }

    private static final class TombstonesLiveAMinute extends Mutant {
        private record Del(long ticket, Instant at) {}

        private final Map<AttachmentKey, Del> dels = new HashMap<>();
        private final Map<Long, Long> asked = new HashMap<>();

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.CancelWaitingAdds(long ticket, AttachmentKey key)) {
                dels.put(key, new Del(ticket, port.now()));
            } else if (message
                    instanceof Message.Assign(long ticket, AttachmentKey key, PodName pod, Instant deadline)) {
                Del del = dels.get(key);
                if (del != null
                        && ticket < del.ticket()
                        && del.at().plusSeconds(60).isBefore(port.now())) {
                    long another = port.newTicket();
                    asked.put(another, ticket);
                    onwards.accept(new Message.Assign(another, key, pod, deadline));
                    return;
                }
            }
            onwards.accept(message);
        }

        @Override
        public void answer(long ticket, AssignResult result, AnswerView port, Answers onwards) {
            onwards.answered(asked.getOrDefault(ticket, ticket), result);
        }
    }

    private static final class TombstonesDieWithIpamd extends Mutant {
        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            return messages.stream()
                    .filter(message -> !(message instanceof Message.RestoredTombstone))
                    .toList();
        }
    }

    private static final class KernelNotLookedAt extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (!(message instanceof Message.KernelView)) {
                onwards.accept(message);
            }
        }
    }
}
