package io.vpceni.lab.fleet;

import io.vpceni.config.PoolMode;
import io.vpceni.eni.Ec2Action;
import java.time.Duration;
import java.util.SplittableRandom;

/// A node as the AWS VPC CNI has it, as far as its calls show it: one thing after the other, a look every five
/// seconds, one ENI or one batch in each, and the SDK's retries within each call. Written from the description of its
/// behaviour, for one network card and AWS's default targets.
final class AwsLikeNode implements FleetNode {

    private static final Duration POOL_LOOP = Duration.ofSeconds(5);

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
    private int enis = 1;
    private int primaryBlocks;
    private int addresses;

    AwsLikeNode(int number, FleetPlan plan, Timeline timeline, FleetAccount account, Progress progress) {
        this.plan = plan;
        this.timeline = timeline;
        this.account = account;
        this.progress = progress;
        this.random = new SplittableRandom(plan.seed() * 1_000_003 + number);
        this.latencies = new FleetLatencies(random);
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
        if (isLow() && primaryBlocks < plan.limits().slotsPerEni()) {
            call(ASSIGN, () -> assigned(this::loop), this::crashed);
        } else {
            loop();
        }
    }

    private void crashed() {
        Duration wait = restart;
        restart = restart.multipliedBy(2).compareTo(RESTART_LONGEST) > 0 ? RESTART_LONGEST : restart.multipliedBy(2);
        retryTokens = RETRY_TOKENS_MAX;
        timeline.in(wait, this::start);
    }

    // ---- the pool's loop

    private void loop() {
        timeline.in(POOL_LOOP, this::pass);
    }

    private void pass() {
        if (!isLow()) {
            loop();
        } else if (primaryBlocks < plan.limits().slotsPerEni()) {
            call(ASSIGN, () -> assigned(this::loop), () -> call(ASSIGN, () -> assigned(this::loop), this::loop));
        } else if (enis < plan.limits().enisMax()) {
            addEni();
        } else {
            loop();
        }
    }

    private void addEni() {
        call(SUBNETS, () -> call(CREATE, this::attach, this::loop), this::loop);
    }

    private void attach() {
        call(
                FleetAccount.DESCRIBE_INSTANCES,
                () -> call(ATTACH, () -> call(MODIFY, this::link, this::detach), this::delete),
                this::delete);
    }

    private void link() {
        timeline.in(latencies.link(), () -> {
            enis++;
            int blocks = wanted();
            grown(blocks, this::loop);
        });
    }

    private void detach() {
        again(
                DETACH,
                FREE_TRIES_MAX,
                Duration.ofMillis(200),
                2,
                0.15,
                () -> timeline.in(Duration.ofSeconds(2), this::delete),
                this::loop);
    }

    private void delete() {
        again(DELETE, FREE_TRIES_MAX, Duration.ofMillis(500), 2, 0.15, this::loop, this::loop);
    }

    private void assigned(Runnable then) {
        int blocks = Math.min(wanted(), plan.limits().slotsPerEni() - primaryBlocks);
        primaryBlocks += blocks;
        grown(blocks, then);
    }

    private void grown(int blocks, Runnable then) {
        addresses += blocks * blockSize();
        if (addresses >= plan.pods()) {
            progress.podsServed();
        }
        progress.warm(!isLow());
        then.run();
    }

    private boolean prefixes() {
        return plan.pool().mode() == PoolMode.PREFIXES;
    }

    private int blockSize() {
        return prefixes() ? 16 : 1;
    }

    private boolean isLow() {
        int free = addresses - plan.pods();
        int warm = prefixes()
                ? plan.pool().warmPrefixTarget() * blockSize()
                : plan.pool().warmEniTarget() * plan.limits().slotsPerEni();
        boolean full = enis >= plan.limits().enisMax()
                && primaryBlocks >= plan.limits().slotsPerEni();
        return free < warm && !full;
    }

    private int wanted() {
        return prefixes()
                ? Math.max(1, plan.pool().warmPrefixTarget() - Math.max(0, addresses - plan.pods()) / blockSize())
                : plan.limits().slotsPerEni();
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
