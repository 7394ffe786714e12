package io.vpceni.lab.simulate.mutant;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.port.AnswerView;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.port.PoolInputView;
import io.vpceni.lab.simulate.port.PoolOutputView;
import io.vpceni.lab.simulate.port.StartView;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Mutants about who has an address and whose it is.
public final class OwnershipMutants {
    private OwnershipMutants() {}

    public static List<NamedMutant> all() {
        return List.of(
                new NamedMutant(
                        "key-is-the-pod",
                        Invariant.ONE_OWNER,
                        "the key leaves out the container: a pod's second sandbox gets the first one's address",
                        KeyIsThePod::new),
                new NamedMutant(
                        "answers-share-an-address",
                        Invariant.ONE_OWNER,
                        "from the twentieth on, an answer names the address of the answer before it",
                        SharedAnswer::new),
                new NamedMutant(
                        "departures-forgotten",
                        Invariant.ASSIGNED_IS_OWNED,
                        "nothing of what left is known after a restart, and EC2's view is ten minutes old",
                        DeparturesForgotten::new),
                new NamedMutant(
                        "absence-not-looked-at",
                        Invariant.ASSIGNED_IS_OWNED,
                        "what EC2 does not list any more is listed to the pool for ever",
                        AbsenceHidden::new),
                new NamedMutant(
                        "answer-counted-twice",
                        Invariant.ASSIGNED_IS_OWNED,
                        "each address in an answer counts as two: the one behind it is taken for granted",
                        CountedTwice::new),
                new NamedMutant(
                        "other-enis-used",
                        Invariant.ASSIGNED_IS_OWNED,
                        "ENIs that are not for pods are reported as pods' ENIs",
                        OtherEnisUsed::new),
                new NamedMutant(
                        "imds-decides",
                        Invariant.NEVER_RELEASED_IN_USE,
                        "what IMDS does not list is unassigned, though IMDS lags by minutes",
                        ImdsDecides::new),
                new NamedMutant(
                        "one-idle-address-frees-all",
                        Invariant.NEVER_RELEASED_IN_USE,
                        "a shrink takes every block of the ENI, used or not",
                        FreesAll::new),
                new NamedMutant(
                        "shrink-removes-the-eni",
                        Invariant.NEVER_RELEASED_IN_USE,
                        "instead of unassigning blocks the whole ENI is detached",
                        RemovesEni::new));
    }

    private static final class KeyIsThePod extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.Assign add) {
                port.otherSandboxOf(add.pod(), add.key())
                        .ifPresentOrElse(
                                other -> onwards.accept(
                                        new Message.Assign(add.ticket(), other, add.pod(), add.deadline())),
                                () -> onwards.accept(add));
            } else {
                onwards.accept(message);
            }
        }

        @Override
        public void answer(long ticket, AssignResult result, AnswerView port, Answers onwards) {
            if (result instanceof AssignResult.AlreadyAssigned(Assignment has)) {
                Optional<AttachmentKey> asked = port.keyOf(ticket);
                if (asked.isPresent() && !asked.get().equals(has.key())) {
                    onwards.answered(
                            ticket,
                            new AssignResult.AlreadyAssigned(
                                    new Assignment(asked.get(), has.pod(), has.address(), has.eni())));
                    return;
                }
            }
            onwards.answered(ticket, result);
        }
    }

    private static final class SharedAnswer extends Mutant {
        private int count;
        private Optional<Assignment> before = Optional.empty();

        @Override
        public void answer(long ticket, AssignResult result, AnswerView port, Answers onwards) {
            if (result instanceof AssignResult.Assigned(Assignment now)) {
                count++;
                if (count >= 20 && before.filter(b -> port.isWired(b.key())).isPresent()) {
                    Assignment other = before.get();
                    onwards.answered(
                            ticket,
                            new AssignResult.Assigned(
                                    new Assignment(now.key(), now.pod(), other.address(), other.eni())));
                    return;
                }
                before = Optional.of(now);
            }
            onwards.answered(ticket, result);
        }
    }

    private static final class DeparturesForgotten extends Mutant {
        @Override
        public List<JournalRecord> written(List<JournalRecord> records, Instant now) {
            return records.stream()
                    .filter(r -> !(r instanceof JournalRecord.Leaving) && !(r instanceof JournalRecord.Unassigned))
                    .toList();
        }

        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            Map<EniId, Set<Cidr>> old = port.ec2AsOf(port.now().minusSeconds(600));
            List<Message> changed = new ArrayList<>();
            for (Message message : messages) {
                if (message instanceof Message.EniFound ready) {
                    Set<Cidr> blocks = new LinkedHashSet<>(ready.blocks());
                    blocks.addAll(old.getOrDefault(ready.eni().id(), Set.of()));
                    changed.add(new Message.EniFound(
                            ready.eni(),
                            blocks.stream().limit(ready.eni().slots()).toList()));
                } else if (!(message instanceof Message.RestoredUnassign)) {
                    changed.add(message);
                }
            }
            return changed;
        }
    }

    private static final class AbsenceHidden extends Mutant {
        private final Map<EniId, Set<Cidr>> ever = new LinkedHashMap<>();

        private Map<EniId, Set<Cidr>> remembered(Map<EniId, Set<Cidr>> view) {
            view.forEach((eni, blocks) ->
                    ever.computeIfAbsent(eni, _ -> new LinkedHashSet<>()).addAll(blocks));
            Map<EniId, Set<Cidr>> all = new LinkedHashMap<>();
            view.keySet().forEach(eni -> all.put(eni, ever.getOrDefault(eni, Set.of())));
            return all;
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.Ec2View view) {
                onwards.accept(new Message.Ec2View(view.asked(), remembered(view.blocks())));
            } else if (message instanceof Message.Verified(long request, Evidence seen)) {
                Set<Cidr> listed = new LinkedHashSet<>(seen.listed());
                ever.values().forEach(listed::addAll);
                onwards.accept(new Message.Verified(
                        request, new Evidence(seen.asked(), seen.attached(), listed, seen.held())));
            } else {
                onwards.accept(message);
            }
        }
    }

    private static final class CountedTwice extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.BlocksAdded(long request, EniId eni, List<Cidr> blocks)
                    && !blocks.isEmpty()) {
                Set<Cidr> doubled = new LinkedHashSet<>(blocks);
                blocks.forEach(block -> doubled.add(next(block)));
                onwards.accept(new Message.BlocksAdded(request, eni, List.copyOf(doubled)));
            } else {
                onwards.accept(message);
            }
        }

        private static Cidr next(Cidr block) {
            byte[] bytes = block.network().getAddress();
            int last = bytes.length == 4 ? 3 : 9;
            bytes[last] = (byte) (bytes[last] + (block.prefixBits() == 28 ? 16 : 1));
            try {
                return new Cidr(InetAddress.getByAddress(bytes), block.prefixBits());
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class OtherEnisUsed extends Mutant {
        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            List<Message> changed = new ArrayList<>();
            for (Message message : messages) {
                if (message instanceof Message.EniFound(var eni, List<Cidr> blocks) && eni.role() != EniRole.PODS) {
                    changed.add(
                            new Message.EniFound(new Eni(eni.id(), eni.slot(), eni.primary(), eni.slots()), blocks));
                } else {
                    changed.add(message);
                }
            }
            return changed;
        }
    }

    private static final class ImdsDecides extends Mutant {
        private long request = 1L << 40;

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            onwards.accept(message);
            if (message instanceof Message.Ec2View view) {
                Map<EniId, Set<Cidr>> imds = port.imds();
                view.blocks().forEach((eni, blocks) -> {
                    List<Cidr> unlisted = blocks.stream()
                            .filter(block -> !imds.getOrDefault(eni, Set.of()).contains(block))
                            .toList();
                    if (!unlisted.isEmpty()) {
                        port.submit(new Effect.Unassign(request++, eni, unlisted));
                    }
                });
            }
        }
    }

    private static final class FreesAll extends Mutant {
        @Override
        public void request(Effect.Request request, PoolOutputView port, Consumer<Effect.Request> onwards) {
            if (request instanceof Effect.Unassign(long number, EniId eni, List<Cidr> _)) {
                Set<Cidr> all = port.eni(eni).map(SimulatedEni::blocks).orElse(Set.of());
                onwards.accept(new Effect.Unassign(number, eni, List.copyOf(all)));
            } else {
                onwards.accept(request);
            }
        }
    }

    private static final class RemovesEni extends Mutant {
        @Override
        public void request(Effect.Request request, PoolOutputView port, Consumer<Effect.Request> onwards) {
            onwards.accept(
                    request instanceof Effect.Unassign(long number, EniId eni, List<Cidr> _)
                                    && port.eni(eni).filter(e -> !e.primary()).isPresent()
                            ? new Effect.RemoveEni(number, eni)
                            : request);
        }
    }
}
