package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolMode;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One node, its EC2, its kernel, its disk and its runtime in one thread, with simulated time.
final class World {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int TICKS_IN_A_STEP = 200;
    private static final int AUDIT_EACH = 32;

    private final Choices choices;
    private final Sabotage sabotage;
    private final Coverage coverage;
    private final Events events;
    private final SimEc2 ec2;
    private final SimKernel kernel = new SimKernel();
    private final Checker checker;
    private final SimDisk disk;
    private final SimCloud cloud;
    private final SimImds imds;
    private final CallsUnderWay calls;
    private final SimRuntime runtime;
    private final Views views;
    private Terms terms;
    private SimNode node;
    private Instant now = START;
    private boolean calm;
    private long steps;
    private long messages;

    World(Terms terms, Choices choices, Sabotage sabotage, Coverage coverage, Events events) {
        this.events = events;
        this.terms = terms;
        this.choices = choices;
        this.sabotage = sabotage;
        this.coverage = coverage;
        this.ec2 = new SimEc2(new SimSubnet(terms.subnetBits(), terms.strangersIn32()), terms.limits());
        this.checker = new Checker(terms, ec2, kernel);
        this.disk = new SimDisk(choices, terms, coverage, checker);
        this.cloud = new SimCloud(this);
        this.imds = new SimImds(this);
        this.calls = new CallsUnderWay(this);
        this.runtime = new SimRuntime(this);
        var _ = ec2.attach(0, EniRole.PODS, now, 0);
        for (int i = 0; i < terms.otherEnis(); i++) {
            addOtherEni();
        }
        now = now.plusSeconds(100); // long ago for EC2's views
        this.views = new Views(this);
        this.node = new SimNode(this, List.of(), now);
    }

    private void addOtherEni() {
        List<EniRole> roles = List.of(EniRole.EXCLUDED, EniRole.TRUNK, EniRole.EFA, EniRole.UNMANAGED);
        ec2.attach(0, roles.get(choices.of(roles.size())), now, 7)
                .ifPresent(eni -> ec2.assign(eni, BlockKind.ADDRESS, Math.min(2, ec2.slots()), now, 9));
    }

    Choices choices() {
        return choices;
    }

    Sabotage sabotage() {
        return sabotage;
    }

    SimEc2 ec2() {
        return ec2;
    }

    Views views() {
        return views;
    }

    SimKernel kernel() {
        return kernel;
    }

    SimDisk disk() {
        return disk;
    }

    SimImds imds() {
        return imds;
    }

    SimCloud cloud() {
        return cloud;
    }

    CallsUnderWay calls() {
        return calls;
    }

    SimRuntime runtime() {
        return runtime;
    }

    Checker checker() {
        return checker;
    }

    SimNode node() {
        return node;
    }

    Terms terms() {
        return terms;
    }

    Coverage coverage() {
        return coverage;
    }

    Events events() {
        return events;
    }

    Instant now() {
        return now;
    }

    boolean isCalm() {
        return calm;
    }

    void calm(boolean isCalm) {
        calm = isCalm;
        disk.calm(isCalm);
        if (isCalm) {
            cloud.calm();
            ec2.subnet().strangersLeave();
        }
    }

    /// Steps so far: what a choice made happen, and what time brought.
    long steps() {
        return steps;
    }

    long messages() {
        return messages;
    }

    /// Where EC2 begins to look for something free.
    int place() {
        return choices.of(1 << 10);
    }

    /// Whether the fault comes now. Counts it.
    boolean accident(Fault fault) {
        if (calm || !choices.oneIn(terms.rate(fault))) {
            return false;
        }
        coverage.fault(fault);
        return true;
    }

    void seen(Message message) {
        coverage.message(message);
        events.note(now, message);
    }

    void seen(Effect effect) {
        coverage.effect(effect);
        events.note(now, effect);
    }

    void note(String text) {
        events.note(now, text);
    }

    // ---- one step

    /// Lets some time pass and one thing happen.
    void step() {
        steps++;
        passTime(Duration.ofMillis(choices.of(terms.stepMillisMax())));
        int kind = choices.of(100);
        boolean crowded = runtime.count() > terms.podsWanted();
        if (kind < 34) {
            calls.goOn();
        } else if (kind < 54) {
            if (crowded) {
                runtime.del();
            } else {
                var _ = runtime.add();
            }
        } else if (kind < 70) {
            if (crowded || choices.of(3) > 0) {
                runtime.del();
            } else {
                var _ = runtime.add();
            }
        } else if (kind < 74) {
            runtime.goOn();
        } else if (kind < 78) {
            passTime(Duration.ofSeconds(choices.of(90)));
        } else if (kind < 80) {
            burst();
        } else {
            accident();
        }
        runtime.settle();
        if (steps % AUDIT_EACH == 0) {
            audit();
        }
    }

    private void burst() {
        int count = 1 + choices.of(12);
        for (int i = 0; i < count; i++) {
            if (runtime.count() <= terms.podsWanted()) {
                var _ = runtime.add();
            }
        }
    }

    private void accident() {
        switch (choices.of(12)) {
            case 0 -> ifAccident(Fault.CRASH, this::crash);
            case 1 -> ifAccident(Fault.DEL_LOST, runtime::loseDel);
            case 2 -> ifAccident(Fault.DEL_OVERTAKES_ADD, runtime::overtake);
            case 3 -> ifAccident(Fault.ADD_REPEATED, runtime::addAgain);
            case 4 -> ifAccident(Fault.DEL_REPEATED, runtime::delAgain);
            case 5 -> ifAccident(Fault.DISK_FULL, () -> disk.full(true));
            case 6, 7 -> disk.full(false);
            case 8 ->
                ifAccident(
                        Fault.SUBNET_FILLED,
                        () -> ec2.subnet().fill(!ec2.subnet().isFilled()));
            case 9 -> ifAccident(Fault.BLOCK_TAKEN, this::takeBlock);
            case 10 -> ifAccident(Fault.BLOCK_GIVEN, this::giveBlock);
            default -> deliver(new Message.Tick());
        }
    }

    private void ifAccident(Fault fault, Runnable then) {
        if (accident(fault)) {
            then.run();
        }
    }

    /// Somebody unassigns a block by hand that this node knows to be its own.
    private void takeBlock() {
        List<SimEc2.SimEni> enis = ec2.enis().stream()
                .filter(eni -> eni.role() == EniRole.PODS && !eni.blocks().isEmpty())
                .toList();
        if (!enis.isEmpty()) {
            SimEc2.SimEni eni = enis.get(choices.of(enis.size()));
            Cidr block = List.copyOf(eni.blocks()).get(choices.of(eni.blocks().size()));
            if (checker.limits().wasTold(block)) { // from one whose answer is still on its way nobody could know
                take(eni, block);
            }
        }
    }

    void take(SimEc2.SimEni eni, Cidr block) {
        note("somebody takes " + block + " from " + eni.id());
        ec2.unassign(eni, block, now);
        ec2.subnet().takenByStranger(block);
        checker.takenByOthers(block, now);
    }

    /// Somebody assigns a block to an ENI of this node by hand.
    private void giveBlock() {
        List<SimEc2.SimEni> enis = ec2.enis().stream()
                .filter(eni -> eni.role() == EniRole.PODS && eni.blocks().size() < ec2.slots())
                .toList();
        if (!enis.isEmpty() && !terms.ipv6()) {
            SimEc2.SimEni eni = enis.get(choices.of(enis.size()));
            List<Cidr> blocks = ec2.assign(eni, BlockKind.ADDRESS, 1, now, place());
            note("somebody gives " + blocks + " to " + eni.id());
            checker.ec2Added(blocks);
        }
    }

    void audit() {
        checker.audit(node.snapshot(node.latest()), coverage);
    }

    // ---- time

    /// Lets time pass; the owner and the views look when they want to.
    void passTime(Duration duration) {
        Instant target = now.plus(duration);
        for (int i = 0; i < TICKS_IN_A_STEP; i++) {
            Instant next = nextLook().orElse(Instant.MAX);
            if (next.isAfter(target)) {
                break;
            }
            steps++;
            now = next.isAfter(now) ? next : now;
            lookNow();
        }
        now = now.isBefore(target) ? target : now; // ipamd may have been down for longer than that
        runtime.settle();
    }

    /// When the owner or a view looks next.
    Optional<Instant> nextLook() {
        Instant view = views.next();
        Optional<Instant> owner = sabotage.lookAgainAt(node.lookAgainAt());
        return owner.isPresent() && owner.get().isBefore(view) ? owner : Optional.of(view);
    }

    private void lookNow() {
        Optional<Instant> owner = sabotage.lookAgainAt(node.lookAgainAt());
        if (owner.isPresent() && !owner.get().isAfter(now)) {
            if (accident(Fault.TICK_LATE)) {
                now = now.plusMillis(choices.of(1500));
            }
            deliver(new Message.Tick());
        }
        views.look();
        runtime.settle();
    }

    /// Hands a message to ipamd.
    ///
    /// @return false when ipamd died of it
    boolean deliver(Message message) {
        if (message instanceof Message.EniReady ready) {
            views.knows(ready.eni().id());
        }
        seen(message);
        messages++;
        // A release is timed by the true clock: the rest that follows is measured from there.
        boolean back = !(message instanceof Message.Release) && accident(Fault.CLOCK_BACK);
        Instant clock = back ? now.minusMillis(choices.of(5000)) : now;
        try {
            sabotage.message(message, this, told -> node.take(told, clock));
        } catch (Crash _) {
            crash();
            return false;
        }
        checker.handled(node.latest());
        node.lookAgainAt().ifPresent(at -> checker.looksAgain(at, node.latest()));
        return true;
    }

    // ---- death and life

    /// ipamd is killed and starts again some seconds later.
    void crash() {
        crash(Duration.ofMillis(500 + choices.of(30_000)));
    }

    /// @param away until it starts again
    void crash(Duration away) {
        note("ipamd is killed");
        calls.abandon();
        checker.crashed(now);
        runtime.crashed();
        now = now.plus(away);
        if (accident(Fault.MODE_CHANGED) && !terms.ipv6()) {
            terms = terms.withMode(choices.of(2) == 0 ? PoolMode.ADDRESSES : PoolMode.PREFIXES);
            checker.limits().settings(terms.settings());
        }
        start();
        if (calm) {
            return;
        }
        audit();
    }

    /// Starts ipamd. Call once before the first step.
    void start() {
        note("ipamd starts");
        try {
            node = new SimNode(this, sabotage.recovered(Recovery.messages(this), this), now);
        } catch (Crash _) {
            crash();
            return;
        }
        views.restart();
        var _ = deliver(new Message.Tick());
    }
}
