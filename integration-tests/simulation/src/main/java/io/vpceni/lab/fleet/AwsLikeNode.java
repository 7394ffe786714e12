package io.vpceni.lab.fleet;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.model.AwsVpcCni;
import io.vpceni.eni.model.AwsVpcCniStock;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/// A node with the AWS VPC CNI ([AwsVpcCni]), as far as its calls show it: each with the SDK's retries, and its
/// container started again when EC2 refuses what it asks at its start.
final class AwsLikeNode implements FleetNode, AwsVpcCni.Outside {

    /// The SDK's standard mode: ten attempts, up to 20 s between two, any length below that.
    private static final int SDK_ATTEMPTS_MAX = 10;

    private static final double SDK_WAIT_SECONDS_MAX = 20;

    /// Of one client: a retry costs 5 of 500, a success gives them back.
    private static final int RETRY_TOKENS_MAX = 500;

    private static final int RETRY_COST = 5;

    private static final int DESCRIBE_TRIES_MAX = 12;
    private static final int TAG_TRIES_MAX = 5;
    private static final int FREE_TRIES_MAX = 12;
    private static final Duration RESTART_FIRST = Duration.ofSeconds(10);
    private static final Duration RESTART_LONGEST = Duration.ofMinutes(5);

    private static final String ASSIGN = Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES.apiName();
    private static final String DESCRIBE = Ec2Action.DESCRIBE_NETWORK_INTERFACES.apiName();
    private static final String SUBNETS = Ec2Action.DESCRIBE_SUBNETS.apiName();
    private static final String TAGS = Ec2Action.CREATE_TAGS.apiName();
    private static final String CREATE = Ec2Action.CREATE_NETWORK_INTERFACE.apiName();
    private static final String ATTACH = Ec2Action.ATTACH_NETWORK_INTERFACE.apiName();
    private static final String MODIFY = Ec2Action.MODIFY_NETWORK_INTERFACE_ATTRIBUTE.apiName();
    private static final String UNASSIGN = Ec2Action.UNASSIGN_PRIVATE_IP_ADDRESSES.apiName();
    private static final String DETACH = Ec2Action.DETACH_NETWORK_INTERFACE.apiName();
    private static final String DELETE = Ec2Action.DELETE_NETWORK_INTERFACE.apiName();

    private final FleetPlan plan;
    private final Timeline timeline;
    private final FleetAccount account;
    private final Progress progress;
    private final SplittableRandom random;
    private final FleetLatencies latencies;
    private int retryTokens = RETRY_TOKENS_MAX;
    private Duration restart = RESTART_FIRST;
    private final AwsVpcCni cni;
    private int served;

    AwsLikeNode(int number, FleetPlan plan, Timeline timeline, FleetAccount account, Progress progress) {
        this.plan = plan;
        this.timeline = timeline;
        this.account = account;
        this.progress = progress;
        this.random = new SplittableRandom(plan.seed() * 1_000_003 + number);
        this.latencies = new FleetLatencies(random);
        this.cni = new AwsVpcCni(plan.pool(), plan.limits(), this);
    }

    // ---- start: all or nothing; the kubelet starts it again

    @Override
    public void start() {
        again(DESCRIBE, DESCRIBE_TRIES_MAX, Duration.ofMillis(10), 1, 0.0, this::tag, this::crashed);
    }

    private void tag() {
        again(TAGS, TAG_TRIES_MAX, Duration.ofMillis(500), 2, 0.3, this::preScale, this::crashed);
    }

    private void preScale() {
        cni.fillPrimary(() -> cni.start(AwsVpcCni.LOOK_EVERY), this::crashed);
    }

    private void crashed() {
        Duration wait = restart;
        restart = restart.multipliedBy(2).compareTo(RESTART_LONGEST) > 0 ? RESTART_LONGEST : restart.multipliedBy(2);
        retryTokens = RETRY_TOKENS_MAX;
        timeline.in(wait, this::start);
    }

    // ---- what the model asks for

    @Override
    public Instant now() {
        return timeline.now();
    }

    @Override
    public void later(Duration delay, Runnable then) {
        timeline.in(delay, then);
    }

    /// A batch that fails is asked for once more.
    @Override
    public void assign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed) {
        boolean starts = cni.stock().total() == 0;
        call(ASSIGN, done, starts ? failed : () -> call(ASSIGN, done, failed));
    }

    @Override
    public void addEni(int blocks, Runnable done, Runnable failed) {
        call(SUBNETS, () -> call(CREATE, () -> attach(done, failed), failed), failed);
    }

    private void attach(Runnable done, Runnable failed) {
        Runnable delete = () -> delete(failed, failed);
        call(
                FleetAccount.DESCRIBE_INSTANCES,
                () -> call(
                        ATTACH,
                        () -> call(
                                MODIFY,
                                () -> timeline.in(latencies.link(), done),
                                () -> detachAndDelete(failed, failed)),
                        delete),
                delete);
    }

    @Override
    public void unassign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed) {
        call(UNASSIGN, done, failed);
    }

    @Override
    public void removeEni(AwsVpcCniStock.HeldEni eni, Runnable done, Runnable failed) {
        detachAndDelete(done, failed);
    }

    private void detachAndDelete(Runnable done, Runnable failed) {
        Runnable detached = () -> timeline.in(Duration.ofSeconds(2), () -> delete(done, failed));
        again(DETACH, FREE_TRIES_MAX, Duration.ofMillis(200), 2, 0.15, detached, failed);
    }

    private void delete(Runnable done, Runnable failed) {
        again(DELETE, FREE_TRIES_MAX, Duration.ofMillis(500), 2, 0.15, done, failed);
    }

    /// Pods get what there is; all of them were there from the first moment.
    @Override
    public void changed() {
        if (served < plan.pods() && cni.stock().available() > 0) {
            served++;
            cni.assign("pod-" + served); // and so on, each changes the stock
            return;
        }
        if (served == plan.pods()) {
            progress.podsServed();
        }
        progress.warm(!cni.targets().isLow() || isFull());
    }

    private boolean isFull() {
        return cni.targets().isFull()
                && cni.stock().enis().getFirst().blocks().size()
                        >= plan.limits().slotsPerEni();
    }

    // ---- calls

    /// The daemon's own tries around the SDK's.
    private void again(
            String action, int tries, Duration wait, double longer, double jitter, Runnable done, Runnable failed) {
        call(action, done, () -> {
            if (tries <= 1) {
                failed.run();
                return;
            }
            double stretch = 1 + jitter * random.nextDouble();
            Duration next = Duration.ofNanos((long) (wait.toNanos() * longer));
            Duration bounded = next.compareTo(Duration.ofMinutes(1)) > 0 ? Duration.ofMinutes(1) : next;
            timeline.in(
                    Duration.ofNanos((long) (wait.toNanos() * stretch)),
                    () -> again(action, tries - 1, bounded, longer, jitter, done, failed));
        });
    }

    private void call(String action, Runnable done, Runnable failed) {
        attempt(action, 1, done, failed);
    }

    private void attempt(String action, int attempt, Runnable done, Runnable failed) {
        if (account.admits(action)) {
            timeline.in(latencies.of(action), () -> {
                retryTokens = Math.min(RETRY_TOKENS_MAX, retryTokens + (attempt > 1 ? RETRY_COST : 1));
                done.run();
            });
        } else if (attempt == SDK_ATTEMPTS_MAX || retryTokens < RETRY_COST) {
            timeline.in(latencies.refusal(), failed);
        } else {
            retryTokens -= RETRY_COST;
            double seconds = Math.min(SDK_WAIT_SECONDS_MAX, (double) (1L << (attempt - 1))) * random.nextDouble();
            timeline.in(
                    latencies.refusal().plusNanos((long) (seconds * 1e9)),
                    () -> attempt(action, attempt + 1, done, failed));
        }
    }
}
