package io.vpceni.lab.localstack;

import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.life.EniMessage;
import io.vpceni.eni.life.EniNotice;
import io.vpceni.eni.life.EniStateMachine;
import io.vpceni.eni.life.LifecycleSettings;
import io.vpceni.eni.life.LinkPlan;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The product's cloud loop for a test that asks one thing after the other: calls are made at once, links come at once,
/// and time passes whenever nothing else happens.
final class ImpatientNode implements EniLoop.Outside {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Ec2 ec2;
    private final EniLoop loop;
    private final Queue<Message> told = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private long requests;

    ImpatientNode(Ec2 ec2, NodeStart node) {
        this.ec2 = ec2;
        EniStateMachine works = new EniStateMachine(
                node.identity(),
                node.limits(),
                new EniPlacements(new EniSettings("lab").withoutDiscovery(), node.identity(), _ -> Optional.empty()),
                new LifecycleSettings("lab", false),
                new SplittableRandom());
        this.loop = new EniLoop(works, new RequestScheduler(BudgetSettings.ofShare(1), 1), _ -> {}, this);
        Set<EniId> linked = node.enis().stream().map(AttachedEni::id).collect(Collectors.toSet());
        loop.begin(works.start(node.enis(), linked, List.of(), now), now);
    }

    List<Cidr> assign(EniId eni, int count) {
        Effect.Request request = new Effect.AssignBlocks(++requests, eni, BlockKind.ADDRESS, count);
        return ((Message.BlocksAdded) outcome(request)).blocks();
    }

    Message.EniReady addEni(int count) {
        return (Message.EniReady) outcome(new Effect.AddEni(++requests, 0, BlockKind.ADDRESS, count));
    }

    private Message outcome(Effect.Request request) {
        told.clear();
        loop.request(request, true, now);
        Instant deadline = now.plus(PATIENCE);
        for (@Nullable Message first = told.poll(); ; first = told.poll()) {
            if (first != null) {
                return first;
            }
            now = loop.lookAgainAt(now)
                    .filter(deadline::isAfter)
                    .orElseThrow(() -> new AssertionError(request + " has no outcome"));
            loop.take(new EniMessage.Tick(), now);
        }
    }

    @Override
    public void call(long call, Ec2Call what) {
        try {
            loop.take(new EniMessage.Answered(call, ec2.perform(what)), now);
        } catch (Ec2Failure failure) {
            loop.take(new EniMessage.Failed(call, failure), now);
        }
    }

    @Override
    public void setUpLink(LinkPlan link) {
        loop.take(new EniMessage.LinkReady(link.id()), now);
    }

    @Override
    public void takeDownLink(EniId eni) {}

    @Override
    public void askKernel(long look) {
        loop.take(new EniMessage.KernelHolds(look, Set.of()), now);
    }

    @Override
    public void tell(Message message) {
        told.add(message);
    }

    @Override
    public void noticed(EniNotice notice) {}
}
