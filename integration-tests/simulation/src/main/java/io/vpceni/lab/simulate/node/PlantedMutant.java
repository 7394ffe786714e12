package io.vpceni.lab.simulate.node;

import io.vpceni.config.PoolSettings;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.eni.lifecycle.LinkPlan;
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
import java.util.function.Supplier;

/// The mutant of one world, at the product's ports. [Mutant] says what each port is.
///
/// @param view what it can look at; read when it is asked
public record PlantedMutant(Mutant mutant, Supplier<MutantView> view) {

    public PoolSettings settings(PoolSettings settings) {
        return mutant.settings(settings);
    }

    public NodeLimits limits(NodeLimits limits) {
        return mutant.limits(limits);
    }

    public Policy policy(Policy policy) {
        return mutant.policy(policy);
    }

    public Leadership leadership(Leadership leadership) {
        return mutant.leadership(leadership);
    }

    public void message(Message message, Consumer<Message> onwards) {
        mutant.message(message, view.get(), onwards);
    }

    public List<Message> recovered(List<Message> messages) {
        return mutant.recovered(messages, view.get());
    }

    public KernelPodState kernel(KernelPodState look) {
        return mutant.kernel(look, view.get());
    }

    public List<Assignment> records(List<Assignment> records) {
        return mutant.records(records);
    }

    public List<JournalRecord> written(List<JournalRecord> records) {
        return mutant.written(records, view.get());
    }

    public void request(Effect.Request request, Consumer<Effect.Request> onwards) {
        mutant.request(request, view.get(), onwards);
    }

    public List<Intent> intents(List<Intent> intents) {
        return mutant.intents(intents, view.get());
    }

    public List<Intent> intentsRead(List<Intent> open) {
        return mutant.intentsRead(open, view.get());
    }

    public void call(long number, Ec2Call<?> call, Mutant.Calls onwards) {
        mutant.call(number, call, view.get(), onwards);
    }

    public void link(LinkPlan link, Consumer<LinkPlan> onwards) {
        mutant.link(link, view.get(), onwards);
    }

    public void hears(EniMessage message, Consumer<EniMessage> onwards) {
        mutant.hears(message, view.get(), onwards);
    }

    public void tells(Message message, Consumer<Message> onwards) {
        mutant.tells(message, view.get(), onwards);
    }

    public void answer(long ticket, AssignResult result, Mutant.Answers onwards) {
        mutant.answer(ticket, result, view.get(), onwards);
    }

    public Optional<Instant> lookAgainAt(Optional<Instant> wanted) {
        return mutant.lookAgainAt(wanted);
    }
}
