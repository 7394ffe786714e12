package io.vpceni.lab.simulate.mutant;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolSettings;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.port.PoolInputView;
import io.vpceni.lab.simulate.port.PoolOutputView;
import io.vpceni.lab.simulate.port.StartView;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.policy.Policy;
import io.vpceni.pool.policy.PoolCounts;
import io.vpceni.pool.policy.WarmTarget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Mutants about limits, leaks and standing still.
public final class LimitMutants {
    private LimitMutants() {}

    public static List<NamedMutant> all() {
        return List.of(
                new NamedMutant(
                        "eni-of-an-answer-forgotten",
                        Invariant.WITHIN_LIMITS,
                        "an ENI that was made is reported as failed, and another one is asked for",
                        EniForgotten::new),
                new NamedMutant(
                        "strangers-not-looked-at",
                        Invariant.NOTHING_LEAKS,
                        "a block that no answer named is left out of EC2's views: a lost answer is lost for ever",
                        StrangersNotLookedAt::new),
                new NamedMutant(
                        "max-pods-off-by-one",
                        Invariant.WITHIN_LIMITS,
                        "one address more than max pods is held",
                        MaxPodsOffByOne::new),
                new NamedMutant(
                        "primary-address-forgotten",
                        Invariant.WITHIN_LIMITS,
                        "an ENI is taken to have a slot for each of its addresses, the primary one included",
                        PrimaryForgotten::new),
                new NamedMutant(
                        "eni-limit-off-by-one",
                        Invariant.WITHIN_LIMITS,
                        "the instance is taken to have room for one ENI more",
                        EniLimitOffByOne::new),
                new NamedMutant(
                        "request-sent-twice",
                        Invariant.WITHIN_LIMITS,
                        "a request for addresses goes out twice, without a token",
                        SentTwice::new),
                new NamedMutant(
                        "waiter-order-broken",
                        Invariant.PROGRESS,
                        "of two ADDs that are answered one after the other the second is served first",
                        OrderBroken::new),
                new NamedMutant(
                        "deadlines-not-watched",
                        Invariant.PROGRESS,
                        "the owner does not wake up for what the pool wants to look at",
                        DeadlinesNotWatched::new),
                new NamedMutant(
                        "failure-swallowed",
                        Invariant.PROGRESS,
                        "the pool never hears that a request failed",
                        FailureSwallowed::new),
                new NamedMutant(
                        "assigned-counted-as-stock",
                        Invariant.PROGRESS,
                        "addresses that sandboxes have count as addresses at hand",
                        AssignedCounted::new),
                new NamedMutant(
                        "keeps-nothing-ready",
                        Invariant.PROGRESS,
                        "a policy other than aws asks for nothing while no ADD waits",
                        KeepsNothingReady::new));
    }

    private static final class EniForgotten extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            onwards.accept(
                    message instanceof Message.EniReady ready
                            ? new Message.RequestFailed(ready.request(), AllocationError.OTHER, "answer not understood")
                            : message);
        }
    }

    private static final class StrangersNotLookedAt extends Mutant {
        private final Set<Cidr> named = new LinkedHashSet<>();

        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            messages.forEach(this::note);
            return messages;
        }

        private void note(Message message) {
            if (message instanceof Message.BlocksAdded added) {
                named.addAll(added.blocks());
            } else if (message instanceof Message.EniAttached ready) {
                named.addAll(ready.blocks());
            }
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            note(message);
            if (message instanceof Message.Ec2View view) {
                Map<EniId, Set<Cidr>> shown = new LinkedHashMap<>();
                view.blocks().forEach((eni, blocks) -> {
                    Set<Cidr> known = new LinkedHashSet<>(blocks);
                    known.retainAll(named);
                    shown.put(eni, known);
                });
                onwards.accept(new Message.Ec2View(view.asked(), shown));
            } else {
                onwards.accept(message);
            }
        }
    }

    private static final class MaxPodsOffByOne extends Mutant {
        @Override
        public PoolSettings settings(PoolSettings s) {
            return new PoolSettings(
                    s.warmEniTarget(),
                    s.warmIpTarget(),
                    s.minimumIpTarget(),
                    s.maxEni(),
                    s.cooldown(),
                    s.mode(),
                    s.warmPrefixTarget(),
                    s.podsMax() == 0 ? 0 : s.podsMax() + 1,
                    s.policy());
        }
    }

    private static final class PrimaryForgotten extends Mutant {
        @Override
        public NodeLimits limits(NodeLimits limits) {
            return new NodeLimits(limits.enisMaxByCard(), limits.addressesPerEniMax() + 1);
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            onwards.accept(message instanceof Message.EniAttached attached ? roomier(attached) : message);
        }

        @Override
        public List<Message> recovered(List<Message> messages, StartView port) {
            return messages.stream()
                    .map(message -> message instanceof Message.EniAttached attached ? roomier(attached) : message)
                    .toList();
        }

        private static Message roomier(Message.EniAttached attached) {
            return switch (attached) {
                case Message.EniReady(long request, Eni eni, var blocks) ->
                    new Message.EniReady(request, roomier(eni), blocks);
                case Message.EniFound(Eni eni, var blocks) -> new Message.EniFound(roomier(eni), blocks);
            };
        }

        private static Eni roomier(Eni eni) {
            return new Eni(eni.id(), eni.slot(), eni.primary(), eni.slots() + 1, eni.role());
        }
    }

    private static final class EniLimitOffByOne extends Mutant {
        @Override
        public NodeLimits limits(NodeLimits limits) {
            List<Integer> cards = new ArrayList<>(limits.enisMaxByCard());
            cards.set(0, cards.getFirst() + 1);
            return new NodeLimits(cards, limits.addressesPerEniMax());
        }
    }

    private static final class SentTwice extends Mutant {
        private long number = 1L << 40;

        @Override
        public void request(Effect.Request request, PoolOutputView port, Consumer<Effect.Request> onwards) {
            onwards.accept(request);
            if (request instanceof Effect.AssignBlocks(long _, EniId eni, BlockKind kind, int count)) {
                onwards.accept(new Effect.AssignBlocks(number++, eni, kind, count));
            }
        }
    }

    private static final class OrderBroken extends Mutant {
        private Optional<Message.Assign> held = Optional.empty();

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (message instanceof Message.Assign add && held.isEmpty() && port.waitingAdds() > 1) {
                held = Optional.of(add); // let the next message go first
                return;
            }
            onwards.accept(message);
            Optional<Message.Assign> late = held;
            held = Optional.empty();
            late.ifPresent(onwards);
        }
    }

    private static final class DeadlinesNotWatched extends Mutant {
        @Override
        public Optional<Instant> lookAgainAt(Optional<Instant> wanted) {
            return Optional.empty();
        }

        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (!(message instanceof Message.Tick)) {
                onwards.accept(message);
            }
        }
    }

    private static final class FailureSwallowed extends Mutant {
        @Override
        public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
            if (!(message instanceof Message.RequestFailed)) {
                onwards.accept(message);
            }
        }
    }

    private static final class AssignedCounted extends Mutant {
        /// Sees addresses that sandboxes have as addresses at hand.
        private record Blind(Policy policy) implements Policy {
            @Override
            public String name() {
                return policy.name();
            }

            @Override
            public WarmTarget target(PoolCounts s) {
                return policy.target(new PoolCounts(
                        s.now(),
                        s.assignable() + s.assigned(),
                        s.assigned(),
                        s.cooling(),
                        s.leaving(),
                        s.pending(),
                        s.waiting(),
                        s.blockAddresses(),
                        s.eniAddresses(),
                        s.enis(),
                        s.enisMax(),
                        s.podsMax(),
                        s.idleBlocks(),
                        s.coolingForecast(),
                        s.arrivals()));
            }
        }

        @Override
        public Policy policy(Policy policy) {
            return new Blind(policy);
        }
    }

    private static final class KeepsNothingReady extends Mutant {
        /// Grows for waiting ADDs only.
        private record Hesitant(Policy policy) implements Policy {
            @Override
            public String name() {
                return policy.name();
            }

            @Override
            public WarmTarget target(PoolCounts counts) {
                WarmTarget target = policy.target(counts);
                return counts.waiting() > 0
                        ? target
                        : new WarmTarget(0, target.fewer(), target.unit(), target.because());
            }
        }

        @Override
        public Policy policy(Policy policy) {
            return policy.name().equals("aws") ? policy : new Hesitant(policy);
        }
    }
}
