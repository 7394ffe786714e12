package io.vpceni.lab.simulate.run;

import io.vpceni.config.AttachmentKey;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.QuiescenceChecks;
import io.vpceni.lab.simulate.check.Violation;
import java.time.Duration;
import java.time.Instant;

/// The world becomes quiescent: no more faults, no more pods, EC2 answers truly and time passes. Then all must be in
/// order.
public final class Quiescence {
    /// Longer than every rest and every doubt of the product together, and than its scheduler of calls needs to
    /// come back to its pace.
    private static final Duration LONG = Duration.ofMinutes(75);

    private static final Duration SOME = Duration.ofMinutes(6);

    private static final int LOOKS_MAX = 20_000;

    private final SimWorld world;

    public Quiescence(SimWorld world) {
        this.world = world;
    }

    /// @return how many steps that took
    public long run() {
        long before = world.steps();
        world.run().note("the world becomes quiescent");
        world.quiescent(true);
        world.runtime().goOn();
        settle(world.now().plus(LONG));
        world.runtime().goOn();
        settle(world.now().plus(SOME));
        long asked = world.requests().writes();
        settle(world.now().plus(SOME));
        requireQuiet();
        int mayChange =
                QuiescenceChecks.changesAllowed(world.parameters().settings().policy());
        if (world.requests().writes() > asked + mayChange) {
            throw new Violation(
                    Invariant.PROGRESS,
                    "in a quiescent world, after " + LONG.plus(SOME).toMinutes()
                            + " minutes, the pool still changes what it holds: "
                            + (world.requests().writes() - asked) + " times in " + SOME.toMinutes() + " minutes");
        }
        world.audit();
        world.checker().requireNoLeak(world.node().snapshot(world.now()), world.now());
        QuiescenceChecks checks = new QuiescenceChecks(world.ec2(), world.checker(), world.parameters());
        requireService(checks);
        checks.requireTarget();
        world.run().note("the world is quiescent");
        world.quiescent(false);
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
            throw new Violation(
                    Invariant.PROGRESS, world.checker().waiting() + " ADDs still wait in a quiescent world");
        }
    }

    /// A new pod gets an address when there is room for one.
    private void requireService(QuiescenceChecks checks) {
        if (!checks.hasRoomForAPod()) {
            return;
        }
        AttachmentKey key = world.runtime().add();
        settle(world.now().plus(Duration.ofSeconds(70)));
        if (world.checker().holders().of(key).isEmpty()) {
            throw new Violation(
                    Invariant.PROGRESS,
                    "a pod waited a minute in a quiescent world and got no address; "
                            + world.checker().holders().given().size() + " of " + checks.capacity() + " are given out");
        }
        world.runtime().del(key, false);
        settle(world.now().plus(SOME));
    }
}
