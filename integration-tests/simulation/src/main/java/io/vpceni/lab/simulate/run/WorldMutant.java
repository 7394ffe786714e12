package io.vpceni.lab.simulate.run;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.lab.simulate.node.SimSandbox;
import io.vpceni.lab.simulate.port.AnswerView;
import io.vpceni.lab.simulate.port.CallView;
import io.vpceni.lab.simulate.port.EniMachineView;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.port.PlantedMutant;
import io.vpceni.lab.simulate.port.PoolInputView;
import io.vpceni.lab.simulate.port.PoolOutputView;
import io.vpceni.lab.simulate.port.StartView;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.journal.KernelPodState;
import io.vpceni.pool.policy.Policy;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The mutant of a world, with one view of the world for each port.
final class WorldMutant implements PlantedMutant {
    private final Mutant mutant;
    private final SimWorld world;

    /// @param world read when a port is used, not before
    WorldMutant(Mutant mutant, SimWorld world) {
        this.mutant = mutant;
        this.world = world;
    }

    @Override
    public PoolSettings settings(PoolSettings settings) {
        return mutant.settings(settings);
    }

    @Override
    public NodeLimits limits(NodeLimits limits) {
        return mutant.limits(limits);
    }

    @Override
    public Policy policy(Policy policy) {
        return mutant.policy(policy);
    }

    @Override
    public Leadership leadership(Leadership leadership) {
        return mutant.leadership(leadership);
    }

    @Override
    public void message(Message message, Consumer<Message> onwards) {
        mutant.message(message, new PoolInput(), onwards);
    }

    @Override
    public List<Message> recovered(List<Message> messages) {
        return mutant.recovered(messages, new Start());
    }

    @Override
    public KernelPodState kernel(KernelPodState look) {
        return mutant.kernel(look, world.kernel()::isNameless);
    }

    @Override
    public List<Assignment> records(List<Assignment> records) {
        return mutant.records(records);
    }

    @Override
    public List<JournalRecord> written(List<JournalRecord> records) {
        return mutant.written(records, world.now());
    }

    @Override
    public void request(Effect.Request request, Consumer<Effect.Request> onwards) {
        mutant.request(request, new PoolOutput(), onwards);
    }

    @Override
    public List<Intent> intents(List<Intent> intents) {
        return mutant.intents(intents);
    }

    @Override
    public List<Intent> intentsRead(List<Intent> open) {
        return mutant.intentsRead(open);
    }

    @Override
    public void call(long number, Ec2Call<?> call, Mutant.Calls onwards) {
        mutant.call(number, call, new Call(), onwards);
    }

    @Override
    public void link(LinkPlan link, Consumer<LinkPlan> onwards) {
        mutant.link(link, world.post()::hearNext, onwards);
    }

    @Override
    public void hears(EniMessage message, Consumer<EniMessage> onwards) {
        mutant.hears(message, new EniMachine(), onwards);
    }

    @Override
    public void tells(Message message, Consumer<Message> onwards) {
        mutant.tells(message, new EniMachine(), onwards);
    }

    @Override
    public void answer(long ticket, AssignResult result, Mutant.Answers onwards) {
        mutant.answer(ticket, result, new Answer(), onwards);
    }

    @Override
    public Optional<Instant> lookAgainAt(Optional<Instant> wanted) {
        return mutant.lookAgainAt(wanted);
    }

    private void submit(Effect.Request request) {
        world.requests().submit(request, false);
    }

    private final class PoolInput implements PoolInputView {
        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public Map<EniId, Set<Cidr>> imds() {
            return world.imds().view();
        }

        @Override
        public List<EniId> enis() {
            return world.ec2().enis().stream().map(SimulatedEni::id).toList();
        }

        @Override
        public Map<AttachmentKey, Assignment> wired() {
            return world.kernel().wired();
        }

        @Override
        public Optional<Assignment> wiringOf(AttachmentKey key) {
            return world.kernel().wiringOf(key);
        }

        @Override
        public boolean hasSandbox(AttachmentKey key) {
            return world.runtime().sandbox(key).isPresent();
        }

        @Override
        public Optional<AttachmentKey> otherSandboxOf(PodName pod, AttachmentKey key) {
            return world.runtime().sandboxes().stream()
                    .filter(other -> other.pod().equals(pod) && !other.key().equals(key))
                    .map(SimSandbox::key)
                    .findFirst();
        }

        @Override
        public long newTicket() {
            return world.runtime().newTicket();
        }

        @Override
        public int waitingAdds() {
            return world.checker().waiting();
        }

        @Override
        public void submit(Effect.Request request) {
            WorldMutant.this.submit(request);
        }
    }

    private final class Start implements StartView {
        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public Map<EniId, Set<Cidr>> ec2AsOf(Instant moment) {
            return world.ec2().viewAsOf(moment);
        }
    }

    private final class PoolOutput implements PoolOutputView {
        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public List<SimulatedEni> enis() {
            return List.copyOf(world.ec2().enis());
        }

        @Override
        public Optional<SimulatedEni> eni(EniId id) {
            return world.ec2().eni(id);
        }

        @Override
        public Set<InetAddress> inUse() {
            return world.kernel().inUse();
        }

        @Override
        public Collection<Assignment> wired() {
            return world.kernel().wired().values();
        }

        @Override
        public void submit(Effect.Request request) {
            WorldMutant.this.submit(request);
        }
    }

    private final class Call implements CallView {
        @Override
        public List<SimulatedEni> enis() {
            return List.copyOf(world.ec2().enis());
        }

        @Override
        public boolean isLinkReady(EniId eni) {
            return world.links().isReady(eni);
        }

        @Override
        public void otherNodeCreatesEni() {
            world.byHand().othersBirth();
        }
    }

    private final class EniMachine implements EniMachineView {
        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public Optional<SimulatedEni> eni(EniId id) {
            return world.ec2().eni(id);
        }

        @Override
        public boolean isLinkReady(EniId eni) {
            return world.links().isReady(eni);
        }
    }

    private final class Answer implements AnswerView {
        @Override
        public Optional<AttachmentKey> keyOf(long ticket) {
            return world.runtime().keyOf(ticket);
        }

        @Override
        public boolean isWired(AttachmentKey key) {
            return world.kernel().wiringOf(key).isPresent();
        }
    }
}
