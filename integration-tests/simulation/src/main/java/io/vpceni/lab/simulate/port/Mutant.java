package io.vpceni.lab.simulate.port;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.journal.KernelPodState;
import io.vpceni.pool.policy.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A fault planted between the world and the product, at the product's ports: it changes what goes in and what comes
/// out. The checker knows nothing of it. This one, not overridden, plants nothing.
///
/// One value belongs to one world.
public class Mutant {
    public static final Mutant NONE = new Mutant();

    public PoolSettings settings(PoolSettings settings) {
        return settings;
    }

    public NodeLimits limits(NodeLimits limits) {
        return limits;
    }

    public Policy policy(Policy policy) {
        return policy;
    }

    /// What the machine of ENIs asks for its part in the clean-up of the cluster.
    public Leadership leadership(Leadership leadership) {
        return leadership;
    }

    /// On the way into the pool.
    public void message(Message message, PoolInputView port, Consumer<Message> onwards) {
        onwards.accept(message);
    }

    /// What recovery tells the pool at start.
    public List<Message> recovered(List<Message> messages, StartView port) {
        return messages;
    }

    /// What ipamd makes of a look at the kernel.
    public KernelPodState kernel(KernelPodState look, Predicate<AttachmentKey> isNameless) {
        return look;
    }

    /// What a start looks for by the names of links.
    public List<Assignment> records(List<Assignment> records) {
        return records;
    }

    /// On the way to the journal.
    public List<JournalRecord> written(List<JournalRecord> records, Instant now) {
        return records;
    }

    /// On the way to EC2.
    public void request(Effect.Request request, PoolOutputView port, Consumer<Effect.Request> onwards) {
        onwards.accept(request);
    }

    /// On the way to the disk with the intents.
    public List<Intent> intents(List<Intent> intents) {
        return intents;
    }

    /// What a start reads of them.
    public List<Intent> intentsRead(List<Intent> open) {
        return open;
    }

    /// A call on the way to EC2.
    public void call(long number, Ec2Call<?> call, CallView port, Calls onwards) {
        onwards.call(number, call);
    }

    /// A link that is to be set up.
    public void link(LinkPlan link, Consumer<EniMessage> hearNext, Consumer<LinkPlan> onwards) {
        onwards.accept(link);
    }

    /// On the way into the machine of ENIs.
    public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
        onwards.accept(message);
    }

    /// On the way from the machine of ENIs to the pool.
    public void tells(Message message, EniMachineView port, Consumer<Message> onwards) {
        onwards.accept(message);
    }

    /// Where calls go.
    public interface Calls {
        void call(long number, Ec2Call<?> call);
    }

    /// On the way to the runtime.
    public void answer(long ticket, AssignResult result, AnswerView port, Answers onwards) {
        onwards.answered(ticket, result);
    }

    /// When the owner looks next.
    public Optional<Instant> lookAgainAt(Optional<Instant> wanted) {
        return wanted;
    }

    /// Where answers to ADDs go.
    public interface Answers {
        void answered(long ticket, AssignResult result);
    }
}
