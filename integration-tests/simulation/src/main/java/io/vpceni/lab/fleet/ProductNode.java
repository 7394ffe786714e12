package io.vpceni.lab.fleet;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.ClusterName;
import io.vpceni.config.EniSettings;
import io.vpceni.config.MacAddress;
import io.vpceni.config.PodName;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.VpcId;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.eni.lifecycle.LifecycleSettings;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.eni.model.Ec2Conditions;
import io.vpceni.eni.model.Ec2Observer;
import io.vpceni.eni.model.SimulatedEc2;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.policy.Policies;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A node with our product: the production pool, ENI machine, ENI loop and request scheduler; their outside is the
/// timeline.
final class ProductNode implements FleetNode, EniLoop.Outside {

    /// `VPC_ENI_ADD_WAIT_SECONDS`.
    private static final Duration ADD_WAIT = Duration.ofSeconds(30);

    /// How long the kubelet waits after a failed sandbox.
    private static final Duration SANDBOX_AGAIN = Duration.ofSeconds(10);

    /// Each node has a subnet of its own: the fleet is about calls, not about addresses. 16,384 addresses are more
    /// than any instance type can hold in prefixes.
    private static final int SUBNET_BITS = 18;

    private final FleetPlan plan;
    private final Timeline timeline;
    private final Progress progress;
    private final SplittableRandom random;
    private final FleetLatencies latencies;
    private final NodeIdentity identity;
    private final SimulatedVpc vpc;
    private final NodeEc2Calls calls;
    private final BudgetSettings budget;
    private final long seed;
    private final RequestScheduler scheduler;
    private final WarmPool pool;

    /// The pods whose ADDs wait, by ticket.
    private final Map<Long, Integer> waiting = new HashMap<>();

    private final Set<Long> requests = new HashSet<>();

    private @Nullable EniLoop eniLoop;
    private long tickets;
    private boolean refused;

    /// Pods whose ADD failed and that the kubelet tries again.
    private int failedPods;

    private Instant wakesAt = Instant.MAX;

    ProductNode(
            int number,
            FleetPlan plan,
            BudgetSettings budget,
            Timeline timeline,
            FleetAccount account,
            Progress progress) {
        this.plan = plan;
        this.timeline = timeline;
        this.progress = progress;
        this.random = new SplittableRandom(plan.seed() * 1_000_003 + number);
        this.latencies = new FleetLatencies(random);
        SimulatedSubnet subnet = new SimulatedSubnet(0, SUBNET_BITS, 0);
        this.identity = identity(number, subnet);
        this.vpc = new SimulatedVpc(identity.instanceId(), identity.securityGroups(), List.of(subnet), plan.limits());
        SimulatedEc2 ec2 = new SimulatedEc2(vpc, Ec2Conditions.BEST, Ec2Observer.NONE);
        this.calls = new NodeEc2Calls(timeline, account, latencies, ec2);
        SimulatedEni primary = vpc.attach(0, EniRole.PODS, timeline.now(), 0).orElseThrow();
        vpc.deleteOnTermination(primary, timeline.now());
        this.budget = budget;
        this.seed = random.nextLong();
        this.scheduler = new RequestScheduler(budget, seed);
        this.pool = new WarmPool(plan.pool(), plan.limits(), Policies.of(plan.pool()));
    }

    private static NodeIdentity identity(int number, SimulatedSubnet subnet) {
        return new NodeIdentity(
                new InstanceId("i-" + HexFormat.of().toHexDigits(number)),
                "fleet",
                new VpcId("vpc-fleet"),
                "us-east-1",
                subnet.id(),
                "us-east-1a",
                List.of("sg-fleet"),
                List.of(subnet.block()),
                new MacAddress(0x0200_0000_0000L),
                InetAddress.ofLiteral("10.0.0.1"));
    }

    @Override
    public void start() {
        new ProductNodeStart(timeline, latencies, identity, budget, seed, scheduler, calls, this::found).begin();
    }

    private void found() {
        List<AttachedEni> enis = vpc.enis().stream().map(this::attached).toList();
        EniStateMachine works = new EniStateMachine(
                identity,
                plan.limits(),
                new EniPlacements(EniSettings.of(new ClusterName("fleet")), identity, _ -> Optional.empty()),
                new LifecycleSettings(Optional.of(new ClusterName("fleet")), false),
                random,
                Leadership.NONE);
        eniLoop = new EniLoop(works, scheduler, _ -> {}, this);
        enis.forEach(eni -> toPool(new Message.EniFound(
                new Eni(eni.id(), eni.slot(), eni.primary(), plan.limits().slotsPerEni()), eni.blocks())));
        Set<EniId> linked = new HashSet<>();
        enis.forEach(eni -> linked.add(eni.id()));
        eniLoop.begin(works.start(enis, linked, List.of(), timeline.now()), timeline.now());
        for (int pod = 0; pod < plan.pods(); pod++) {
            add(pod);
        }
        toPool(new Message.Tick());
        timeline.in(plan.lookEvery().multipliedBy(random.nextInt(500, 1_500)).dividedBy(1_000), this::look);
        settle();
    }

    private AttachedEni attached(SimulatedEni there) {
        Ec2Eni eni = there.now();
        var tie = Objects.requireNonNull(eni.attachment());
        return new AttachedEni(
                new LinkPlan(
                        eni.id(),
                        Objects.requireNonNull(eni.mac()),
                        tie.slot(),
                        eni.role(),
                        Objects.requireNonNull(eni.primaryAddress()),
                        there.subnet().block()),
                eni.blocks());
    }

    private void look() {
        timeline.in(plan.lookEvery(), this::look);
        heard(new EniMessage.Reconcile());
    }

    // ---- pods

    private void add(int pod) {
        tickets++;
        AttachmentKey key = new AttachmentKey("fleet", "pod" + pod + "." + tickets, "eth0");
        waiting.put(tickets, pod);
        toPool(new Message.Assign(
                tickets, key, new PodName("fleet", "pod" + pod), timeline.now().plus(ADD_WAIT)));
    }

    private void answered(long ticket, AssignResult result) {
        int pod = Objects.requireNonNull(waiting.remove(ticket));
        if (result instanceof AssignResult.NoAddress) {
            failedPods++;
            timeline.in(SANDBOX_AGAIN, () -> {
                failedPods--;
                add(pod);
                settle();
            });
        }
    }

    // ---- the pool

    private void toPool(Message message) {
        for (Effect effect : pool.handle(message, timeline.now())) {
            switch (effect) {
                case Effect.Answered(long ticket, AssignResult result) -> answered(ticket, result);
                case Effect.Request request -> {
                    requests.add(request.request());
                    refused = false;
                    eniLoop().take(new EniMessage.Wanted(request, pool.addsWait()), timeline.now());
                }
                case Effect.Write _, Effect.Held _, Effect.Noticed _ -> {}
            }
        }
    }

    @Override
    public void tell(Message message) {
        message.concludes().ifPresent(requests::remove);
        refused |= message instanceof Message.RequestFailed;
        toPool(message);
    }

    // ---- the machine of ENIs

    private EniLoop eniLoop() {
        return Objects.requireNonNull(eniLoop);
    }

    private void heard(EniMessage message) {
        eniLoop().take(message, timeline.now());
        settle();
    }

    /// After everything that happened: who is told, and when is the next look?
    private void settle() {
        boolean served = waiting.isEmpty() && failedPods == 0;
        if (served) {
            progress.podsServed();
        }
        progress.warm(requests.isEmpty() && served && !refused);
        Instant now = timeline.now();
        Stream.of(pool.nextTickAt(), eniLoop().lookAgainAt(now))
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .filter(next -> next.isBefore(wakesAt))
                .ifPresent(next -> {
                    Instant at = next.isAfter(now) ? next : now.plusMillis(1);
                    wakesAt = at;
                    timeline.at(at, () -> wake(at));
                });
    }

    private void wake(Instant at) {
        if (wakesAt.equals(at)) {
            wakesAt = Instant.MAX;
            toPool(new Message.Tick());
            heard(new EniMessage.Tick());
        }
    }

    @Override
    public void call(long call, Ec2Call<?> what, List<Long> requests) {
        calls.ask(
                what,
                answer -> heard(new EniMessage.Answered(call, answer)),
                failure -> heard(new EniMessage.Failed(call, failure)));
    }

    @Override
    public void setUpLink(LinkPlan link, List<Long> requests) {
        timeline.in(latencies.link(), () -> heard(new EniMessage.LinkReady(link.id())));
    }

    @Override
    public void takeDownLink(EniId eni, List<Long> requests) {}

    @Override
    public void askKernel(long look) {
        timeline.in(Duration.ofMillis(5), () -> heard(new EniMessage.KernelHolds(look, Set.of())));
    }

    @Override
    public void noticed(EniNotice notice) {}
}
