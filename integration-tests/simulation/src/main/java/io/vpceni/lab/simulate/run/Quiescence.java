package io.vpceni.lab.simulate.run;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;

/// The world calms down: no more faults, no more pods, EC2 answers truly and time passes. Then all must be in order.
public final class Quiescence {
    /// Longer than every rest and every doubt of the product together, and than its scheduler of calls needs to
    /// come back to its pace.
    private static final Duration LONG = Duration.ofMinutes(75);

    private static final Duration SOME = Duration.ofMinutes(6);

    private static final int LOOKS_MAX = 20_000;

    /// So few addresses of a subnet are not held against the pool: an ENI takes one for itself.
    private static final int SPARE = 2;

    private final SimWorld world;

    public Quiescence(SimWorld world) {
        this.world = world;
    }

    /// @return how many steps that took
    public long run() {
        long before = world.steps();
        world.run().note("the world calms down");
        world.calm(true);
        world.runtime().goOn();
        settle(world.now().plus(LONG));
        world.runtime().goOn();
        settle(world.now().plus(SOME));
        long asked = world.requests().writes();
        settle(world.now().plus(SOME));
        requireQuiet();
        // Demand is unlearned little by little: prefixes may come back late, and single addresses of each ENI then go.
        int mayChange = world.terms().settings().policy() == PolicyName.DEMAND ? 12 : 0;
        if (world.requests().writes() > asked + mayChange) {
            throw new Violation(
                    Invariant.PROGRESS,
                    "in a calm world, after " + LONG.plus(SOME).toMinutes()
                            + " minutes, the pool still changes what it holds: "
                            + (world.requests().writes() - asked) + " times in " + SOME.toMinutes() + " minutes");
        }
        world.audit();
        world.checker().requireNoLeak(world.node().snapshot(world.now()), world.now());
        requireService();
        requireTarget();
        world.run().note("the world is calm");
        world.calm(false);
        return world.steps() - before;
    }

    private void settle(Instant until) {
        for (int i = 0; i < LOOKS_MAX && world.now().isBefore(until); i++) {
            while (!world.calls().isEmpty()) {
                world.calls().goOn();
                i++;
                if (i >= LOOKS_MAX) {
                    throw new Violation(
                            Invariant.PROGRESS,
                            "asks EC2 without end: " + world.calls().open());
                }
            }
            Instant next = world.nextLook().orElse(until);
            world.passTime(Duration.between(world.now(), next.isBefore(world.now()) ? world.now() : next));
        }
        if (world.now().isBefore(until)) {
            throw new Violation(Invariant.PROGRESS, "looks again without end");
        }
        world.runtime().settle();
    }

    private void requireQuiet() {
        if (world.checker().waiting() > 0) {
            throw new Violation(Invariant.PROGRESS, world.checker().waiting() + " ADDs still wait in a calm world");
        }
    }

    /// A new pod gets an address when there is room for one.
    private void requireService() {
        if (world.terms().ipv6()
                && world.ec2().enis().stream()
                        .allMatch(eni ->
                                eni.role() != EniRole.PODS || eni.blocks().isEmpty())) {
            return; // its only prefix was taken away, and a cap or a full ENI may keep it from another one
        }
        boolean lost = world.checker().holders().given().values().stream()
                .anyMatch(has -> world.ec2().ownerOf(has.address()).isEmpty());
        if (lacksAnEni() || (lost && world.terms().settings().podsMax() > 0)) {
            return; // a prefix that was taken away and is hoped for counts in whole against the cap
        }
        if (world.checker().holders().given().size() >= capacity()) {
            return;
        }
        AttachmentKey key = world.runtime().add();
        settle(world.now().plus(Duration.ofSeconds(70)));
        if (world.checker().holders().of(key).isEmpty()) {
            throw new Violation(
                    Invariant.PROGRESS,
                    "a pod waited a minute in a calm world and got no address; "
                            + world.checker().holders().given().size() + " of " + capacity() + " are given out");
        }
        world.runtime().del(key, false);
        settle(world.now().plus(SOME));
    }

    /// Addresses that pods can have at most, with what is pinned by pods that run.
    private int capacity() {
        if (world.terms().ipv6()) {
            int max = world.terms().settings().podsMax();
            return max == 0 ? Integer.MAX_VALUE : max;
        }
        PoolSettings settings = world.terms().settings();
        int others = 0;
        int enis = 0;
        int owned = 0;
        for (SimulatedEni eni : world.ec2().enis()) {
            enis++;
            others += eni.role() == EniRole.PODS ? 0 : 1;
            owned += eni.role() == EniRole.PODS ? addresses(eni) : 0;
        }
        int podsEnis = Math.max(world.checker().limits().enisMax(), enis) - others;
        int slots = Math.max(0, podsEnis) * world.ec2().slots();
        int max = settings.podsMax() == 0 ? Integer.MAX_VALUE : settings.podsMax();
        boolean mayGrow = enis < world.checker().limits().enisMax();
        int left = world.ec2().subnets().stream()
                .mapToInt(subnet -> mayGrow ? Math.max(0, subnet.left() - podsEnis) : leftForEnisIn(subnet))
                .sum();
        return Math.min(Math.min(slots, max), owned + left);
    }

    /// Addresses of a subnet that ENIs which are there can still have: an ENI has those of its own subnet only.
    private int leftForEnisIn(SimulatedSubnet subnet) {
        int room = world.ec2().enis().stream()
                .filter(eni -> eni.role() == EniRole.PODS && eni.subnet() == subnet)
                .mapToInt(eni -> Math.max(0, world.ec2().slots() - eni.blocks().size()))
                .sum();
        return Math.min(room, subnet.left());
    }

    public static int addresses(SimulatedEni eni) {
        int sum = 0;
        for (Cidr block : eni.blocks()) {
            sum += (int) Math.min(1 << 20, BlockKind.of(block).addresses());
        }
        return sum;
    }

    /// The AWS targets, from EC2's books and the checker's.
    private void requireTarget() {
        PoolSettings settings = world.terms().settings();
        if (settings.policy() != PolicyName.AWS || world.terms().ipv6()) {
            return;
        }
        int owned = 0;
        int enis = 0;
        int lost = 0;
        boolean roomOnEnis = false;
        for (SimulatedEni eni : world.ec2().enis()) {
            enis++;
            if (eni.role() == EniRole.PODS) {
                owned += addresses(eni);
                lost += (int) lost(eni);
                roomOnEnis |= eni.blocks().size() + lost(eni) < world.ec2().slots()
                        && eni.subnet().left() > SPARE;
            }
        }
        int used = 0;
        for (Assignment assignment : world.checker().holders().given().values()) {
            used += world.ec2().ownerOf(assignment.address()).isPresent() ? 1 : 0;
        }
        if (lost > 0 || lacksAnEni()) {
            return; // the pool hopes for them, and how many it counts for them is its own affair
        }
        int free = owned - used;
        int missing = missing(settings, free, owned);
        int max = settings.podsMax() == 0 ? Integer.MAX_VALUE : settings.podsMax();
        boolean roomForEnis = enis < world.checker().limits().enisMax()
                && world.ec2().subnets().stream().anyMatch(subnet -> subnet.left() > SPARE);
        boolean room = (roomOnEnis || roomForEnis) && owned < max;
        if (missing > 0 && room) {
            throw new Violation(
                    Invariant.PROGRESS,
                    "in a calm world the pool lacks " + missing + " addresses: holds " + owned + ", used " + used + ", "
                            + settings);
        }
    }

    /// Whether sandboxes have addresses of an ENI that somebody took away: it keeps its place in the pool's books.
    private boolean lacksAnEni() {
        return world.checker().holders().given().values().stream()
                .anyMatch(has -> world.ec2().eni(has.eni()).isEmpty());
    }

    /// Addresses that sandboxes have and that somebody took away: the pool hopes for them, each in its slot.
    private long lost(SimulatedEni eni) {
        return world.checker().holders().given().values().stream()
                .filter(has -> has.eni().equals(eni.id())
                        && world.ec2().ownerOf(has.address()).isEmpty())
                .count();
    }

    private int missing(PoolSettings settings, int free, int owned) {
        if (settings.countsAddresses()) {
            return Math.max(settings.warmIpTarget() - free, settings.minimumIpTarget() - owned);
        }
        if (settings.mode() == PoolMode.PREFIXES) {
            return settings.warmPrefixTarget() * 16 - free;
        }
        return settings.warmEniTarget() * world.ec2().slots() - free;
    }
}
