package io.vpceni.lab.simulate.incident;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.eni.model.AwsVpcCniStock;
import io.vpceni.lab.simulate.check.QuiescenceChecks;
import io.vpceni.lab.simulate.mutant.Mutants;
import io.vpceni.lab.simulate.port.AnswerView;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.port.PoolInputView;
import io.vpceni.lab.simulate.port.PoolOutputView;
import io.vpceni.lab.simulate.port.StartView;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The rules of the other projects behind the incidents, as mutants.
public final class IncidentMutants {
    private static final long OWN_REQUESTS = 1L << 40;

    private IncidentMutants() {}

    public static Supplier<Mutant> onlyDelFrees() {
        return named("kernel-not-looked-at");
    }

    public static Supplier<Mutant> cooldownForgotten() {
        return named("cooldown-lost-on-restart");
    }

    public static Supplier<Mutant> tombstoneForgotten() {
        return named("tombstone-forgotten");
    }

    private static Supplier<Mutant> named(String name) {
        return Mutants.named(name).orElseThrow().maker();
    }

    /// cni#1967.
    public static final class ImdsForEnis extends Mutant {
        private long request = OWN_REQUESTS;
        private boolean restarted;

        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            restarted = messages.size() > 1;
            return messages;
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            onwards.accept(message);
            if (restarted && message instanceof Message.Tick) {
                restarted = false;
                Map<EniId, Set<Cidr>> imds = port.imds();
                port.enis().stream()
                        .filter(eni -> !imds.containsKey(eni))
                        .forEach(eni -> port.submit(new Effect.RemoveEni(request++, eni)));
            }
        }
    }

    /// cni#3019.
    public static final class ImdsForAddresses extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.Ec2View) {
                Map<EniId, Set<Cidr>> imds = port.imds();
                for (Assignment held : List.copyOf(port.wired().values())) {
                    if (!imds.getOrDefault(held.eni(), Set.of()).contains(Cidr.containing(held.address(), 32))) {
                        onwards.accept(new Message.Release(held.key()));
                    }
                }
            }
            if (!(message instanceof Message.KernelView)) {
                onwards.accept(message);
            }
        }
    }

    /// cni#3824.
    public static final class PrefixForgotten extends Mutant {
        private long request = OWN_REQUESTS;
        private Optional<Cidr> forgotten = Optional.empty();

        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            List<Message> changed = new ArrayList<>();
            for (Message message : messages) {
                if (message instanceof Message.EniFound(var eni, List<Cidr> blocks) && !blocks.isEmpty()) {
                    forgotten = Optional.of(blocks.getFirst());
                    changed.add(new Message.EniFound(eni, blocks.subList(1, blocks.size())));
                } else {
                    changed.add(message);
                }
            }
            return changed;
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            onwards.accept(message);
            if (message instanceof Message.Ec2View view && forgotten.isPresent()) {
                view.blocks().forEach((eni, blocks) -> {
                    if (blocks.contains(forgotten.orElseThrow())) {
                        port.submit(new Effect.Unassign(request++, eni, List.of(forgotten.orElseThrow())));
                    }
                });
            }
        }
    }

    /// cni#3887.
    public static final class DifferenceLogged extends Mutant {
        private final Map<EniId, Set<Cidr>> checkpoint = new LinkedHashMap<>();

        private Set<Cidr> believed(EniId eni, Iterable<Cidr> listed) {
            Set<Cidr> all = checkpoint.computeIfAbsent(eni, _ -> new LinkedHashSet<>());
            listed.forEach(all::add);
            return all;
        }

        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            return messages.stream()
                    .map(message -> message instanceof Message.EniFound(var eni, List<Cidr> blocks)
                            ? new Message.EniFound(eni, List.copyOf(believed(eni.id(), blocks)))
                            : message)
                    .toList();
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.Ec2View(Instant asked, Map<EniId, Set<Cidr>> blocks)) {
                Map<EniId, Set<Cidr>> shown = new LinkedHashMap<>();
                blocks.forEach((eni, listed) -> shown.put(eni, believed(eni, listed)));
                onwards.accept(new Message.Ec2View(asked, shown));
                return;
            }
            if (message instanceof Message.BlocksAdded added) {
                var _ = believed(added.eni(), added.blocks());
            }
            onwards.accept(message);
        }
    }

    /// cil#13412.
    public static final class DecidesOnOldData extends Mutant {
        private static final int LAG_SECONDS = 15;

        private record Decision(Instant at, EniId eni, List<Cidr> surplus) {}

        private final Deque<Decision> decisions = new ArrayDeque<>();
        private long request = OWN_REQUESTS;

        @Override
        public void request(Effect.Request asked, PoolOutputView port, Consumer<Effect.Request> onwards) {
            if (asked instanceof Effect.Verify(long _, EniId eni)) {
                List<Cidr> idle = port.eni(eni).stream()
                        .flatMap(there -> there.blocks().stream())
                        .filter(block -> !port.inUse().contains(block.network()))
                        .toList();
                decisions.add(new Decision(port.now(), eni, idle));
            }
            onwards.accept(asked);
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            onwards.accept(message);
            while (!decisions.isEmpty()
                    && decisions.getFirst().at().plusSeconds(LAG_SECONDS).isBefore(port.now())) {
                Decision decision = decisions.removeFirst();
                port.submit(new Effect.Unassign(request++, decision.eni(), decision.surplus()));
            }
        }
    }

    /// cil#46644.
    public static final class PrefixesOffForEver extends Mutant {
        private final Set<Long> refused = new LinkedHashSet<>();
        private boolean off;

        @Override
        public void request(Effect.Request asked, PoolOutputView port, Consumer<Effect.Request> onwards) {
            boolean prefix = (asked instanceof Effect.AssignBlocks assign && assign.kind() == BlockKind.PREFIX)
                    || (asked instanceof Effect.AddEni add && add.kind() == BlockKind.PREFIX);
            if (prefix && off) {
                refused.add(asked.request());
                onwards.accept(new Effect.Verify(
                        asked.request(), port.enis().iterator().next().id()));
            } else {
                onwards.accept(asked);
            }
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.Verified(long number, var _) && refused.remove(number)) {
                onwards.accept(new Message.RequestFailed(
                        number, AllocationError.SUBNET_EXHAUSTED, "prefixes are off on this node"));
                return;
            }
            off |= message instanceof Message.RequestFailed failed
                    && failed.detail().contains("InsufficientCidr");
            onwards.accept(message);
        }
    }

    /// cni#1700, cni#2896.
    public static final class CoolingIsStock extends Mutant {
        private static final int TARGET = 2;

        private final Set<Long> refused = new LinkedHashSet<>();

        @Override
        public void request(Effect.Request asked, PoolOutputView port, Consumer<Effect.Request> onwards) {
            boolean grows = asked instanceof Effect.AssignBlocks || asked instanceof Effect.AddEni;
            int held =
                    port.enis().stream().mapToInt(QuiescenceChecks::addresses).sum();
            if (grows && AwsVpcCniStock.available(held, port.wired().size()) >= TARGET) {
                refused.add(asked.request());
                onwards.accept(new Effect.Verify(
                        asked.request(), port.enis().iterator().next().id()));
            } else {
                onwards.accept(asked);
            }
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            boolean instead = message instanceof Message.Verified(long number, var _) && refused.remove(number);
            onwards.accept(
                    instead && message instanceof Message.Verified(long number, var _)
                            ? new Message.RequestFailed(number, AllocationError.OTHER, "there is stock enough")
                            : message);
        }
    }

    /// cni#3634.
    public static final class NewestFirst extends Mutant {
        private final Deque<InetAddress> freed = new ArrayDeque<>();
        private final Map<InetAddress, Instant> at = new HashMap<>();
        private final Map<AttachmentKey, InetAddress> given = new HashMap<>();

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.CancelWaitingAdds(long _, AttachmentKey key)) {
                port.wiringOf(key).ifPresent(was -> {
                    freed.addFirst(was.address());
                    at.put(was.address(), port.now());
                });
            }
            if (!(message instanceof Message.KernelView)) {
                onwards.accept(message);
            }
        }

        @Override
        public List<JournalRecord> written(List<JournalRecord> records, Instant now) {
            return records.stream().map(record -> newest(record, now)).toList();
        }

        private JournalRecord newest(JournalRecord record, Instant now) {
            if (record instanceof JournalRecord.Assigned(Assignment has, Instant when, var _, var _)) {
                Optional<InetAddress> newest = freed.stream()
                        .filter(address ->
                                !at.getOrDefault(address, now).plusSeconds(30).isAfter(now))
                        .findFirst();
                if (newest.isPresent()) {
                    given.put(has.key(), newest.get());
                    return new JournalRecord.Assigned(instead(has), when);
                }
            }
            return record;
        }

        private Assignment instead(Assignment has) {
            return new Assignment(has.key(), has.pod(), given.getOrDefault(has.key(), has.address()), has.eni());
        }

        @Override
        public void answer(long ticket, AssignResult result, AnswerView port, Answers onwards) {
            onwards.answered(
                    ticket,
                    result instanceof AssignResult.Assigned(Assignment has)
                            ? new AssignResult.Assigned(instead(has))
                            : result);
        }
    }
}
