package io.vpceni.lab.simulate.port;

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

/// The mutant of one world, at the product's ports. [Mutant] says what each port is.
public interface PlantedMutant {

    PoolSettings settings(PoolSettings settings);

    NodeLimits limits(NodeLimits limits);

    Policy policy(Policy policy);

    Leadership leadership(Leadership leadership);

    void message(Message message, Consumer<Message> onwards);

    List<Message> recovered(List<Message> messages);

    KernelPodState kernel(KernelPodState look);

    List<Assignment> records(List<Assignment> records);

    List<JournalRecord> written(List<JournalRecord> records);

    void request(Effect.Request request, Consumer<Effect.Request> onwards);

    List<Intent> intents(List<Intent> intents);

    List<Intent> intentsRead(List<Intent> open);

    void call(long number, Ec2Call<?> call, Mutant.Calls onwards);

    void link(LinkPlan link, Consumer<LinkPlan> onwards);

    void hears(EniMessage message, Consumer<EniMessage> onwards);

    void tells(Message message, Consumer<Message> onwards);

    void answer(long ticket, AssignResult result, Mutant.Answers onwards);

    Optional<Instant> lookAgainAt(Optional<Instant> wanted);
}
