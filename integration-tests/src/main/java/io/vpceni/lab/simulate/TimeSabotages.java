package io.vpceni.lab.simulate;

import io.vpceni.config.PoolSettings;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Sabotages about rests, and about what outlives a crash.
final class TimeSabotages {
    private TimeSabotages() {}

    static List<NamedSabotage> all() {
        return List.of(
                new NamedSabotage(
                        "cooldown-a-second-short",
                        Invariant.COOLDOWN_KEPT,
                        "each address rests one second less than the settings say",
                        CooldownShort::new),
                new NamedSabotage(
                        "cooldown-lost-on-restart",
                        Invariant.COOLDOWN_KEPT,
                        "no rest is known after a restart",
                        CooldownLost::new),
                new NamedSabotage(
                        "release-is-taken-for-unwritten",
                        Invariant.COOLDOWN_KEPT,
                        "a released address is free at once, as if nobody had ever had it",
                        NoRest::new),
                new NamedSabotage(
                        "journal-loses-a-record",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "each fiftieth record does not reach the disk",
                        LostRecord::new),
                new NamedSabotage(
                        "journal-writes-later",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "records are written with the next ones: the answer comes first",
                        WritesLater::new),
                new NamedSabotage(
                        "recovery-drops-a-sandbox",
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        "a restart takes the sandboxes it found last for dead",
                        DropsSandbox::new),
                new NamedSabotage(
                        "tombstone-forgotten",
                        Invariant.NOTHING_LEAKS,
                        "a DEL without an ADD leaves no trace: the late ADD gets an address",
                        TombstoneForgotten::new),
                new NamedSabotage(
                        "kernel-not-looked-at",
                        Invariant.NOTHING_LEAKS,
                        "sandboxes that are gone are never noticed: a lost DEL keeps its address for ever",
                        KernelNotLookedAt::new));
    }

    private static final class CooldownShort extends Sabotage {
        @Override
        PoolSettings settings(PoolSettings s) {
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

    private static final class CooldownLost extends Sabotage {
        @Override
        List<Message> recovered(List<Message> messages, World world) {
            return messages.stream()
                    .filter(message -> !(message instanceof Message.RestoredCooling))
                    .toList();
        }
    }

    private static final class NoRest extends Sabotage {
        @Override
        void message(Message message, World world, Consumer<Message> onwards) {
            onwards.accept(
                    message instanceof Message.Release(AttachmentKey key) ? new Message.Unwritten(key) : message);
        }
    }

    private static final class LostRecord extends Sabotage {
        private int count;

        @Override
        List<JournalRecord> written(List<JournalRecord> records, World world) {
            List<JournalRecord> kept = new ArrayList<>();
            for (JournalRecord record : records) {
                if (++count % 50 != 0) {
                    kept.add(record);
                }
            }
            return kept;
        }
    }

    private static final class WritesLater extends Sabotage {
        private List<JournalRecord> waiting = List.of();

        @Override
        List<JournalRecord> written(List<JournalRecord> records, World world) {
            List<JournalRecord> now = waiting;
            waiting = records;
            return now;
        }
    }

    private static final class DropsSandbox extends Sabotage {
        @Override
        List<Message> recovered(List<Message> messages, World world) {
            boolean sandboxIsLast = !messages.isEmpty() && messages.getLast() instanceof Message.Restored;
            return sandboxIsLast ? messages.subList(0, messages.size() - 1) : messages;
        }
    }

    private static final class TombstoneForgotten extends Sabotage {
        @Override
        void message(Message message, World world, Consumer<Message> onwards) {
            if (message instanceof Message.PrepareRelease(long _, AttachmentKey key)
                    && world.runtime().sandbox(key).isEmpty()) {
                world.runtime().prepared(Optional.empty());
                return;
            }
            onwards.accept(message);
        }
    }

    private static final class KernelNotLookedAt extends Sabotage {
        @Override
        void message(Message message, World world, Consumer<Message> onwards) {
            if (!(message instanceof Message.KernelView)) {
                onwards.accept(message);
            }
        }
    }
}
