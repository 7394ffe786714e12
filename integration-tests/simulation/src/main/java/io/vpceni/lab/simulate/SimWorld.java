package io.vpceni.lab.simulate;

import io.vpceni.config.PoolMode;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One node, its EC2, its kernel, its disk and its runtime in one thread, with simulated time.
final class SimWorld {
    private static final int TICKS_IN_A_STEP = 200;
    private static final int AUDIT_EACH = 32;

    private final SimulationClock clock = new SimulationClock();
    private final Choices choices;
    private final Faults faults;
    private final Mutant mutant;
    private final Coverage coverage;
    private final Events events;
    private final SimulatedVpc ec2;
    private final SimKernel kernel = new SimKernel(clock::now);
    private final Checker checker;
    private final SimDisk disk;
    private final SimIntents intents;
    private final FaultyEc2 api;
    private final SimLinks links;
    private final ForeignEc2Changes byHand;
    private final SimImds imds;
    private final CallsUnderWay calls;
    private final WaitingRequests requests;
    private final SimRuntime runtime;
    private final SimViews views;
    private final MessageQueue post;
    private final Accidents accidents;
    private WorldParameters terms;
    private SimNode node;
    private long steps;

    SimWorld(WorldParameters terms, Choices choices, Mutant mutant, Coverage coverage, Events events) {
        this.events = events;
        this.terms = terms;
        this.choices = choices;
        this.mutant = mutant;
        this.coverage = coverage;
        this.faults = new Faults(choices, terms, coverage);
        List<SimulatedSubnet> subnets = new ArrayList<>();
        for (int i = 0; i < terms.subnets(); i++) {
            subnets.add(new SimulatedSubnet(i, terms.subnetBits(), terms.strangersIn32()));
        }
        this.ec2 = new SimulatedVpc(SimulatedIds.NODE, List.of(SimulatedIds.SECURITY_GROUP), subnets, terms.limits());
        this.checker = new Checker(terms, ec2, kernel);
        this.disk = new SimDisk(choices, terms, coverage, checker);
        this.intents = new SimIntents(this);
        this.api = new FaultyEc2(ec2, clock, choices, faults, checker, coverage);
        this.links = new SimLinks(this);
        this.byHand = new ForeignEc2Changes(this);
        this.imds = new SimImds(this);
        this.calls = new CallsUnderWay(this);
        this.requests = new WaitingRequests(this);
        this.runtime = new SimRuntime(this);
        this.post = new MessageQueue(this);
        this.accidents = new Accidents(this);
        var _ = ec2.attach(0, EniRole.PODS, clock.now(), 0);
        for (int i = 0; i < terms.otherEnis(); i++) {
            addOtherEni();
        }
        clock.advance(Duration.ofSeconds(100)); // long ago for EC2's views
        this.views = new SimViews(this);
        this.node = new SimNode(this, clock.now());
    }

    private void addOtherEni() {
        List<EniRole> roles = List.of(EniRole.TRUNK, EniRole.EFA, EniRole.UNMANAGED);
        ec2.attach(0, roles.get(choices.of(roles.size())), clock.now(), 7)
                .ifPresent(eni -> ec2.assign(eni, BlockKind.ADDRESS, Math.min(2, ec2.slots()), clock.now(), 9));
    }

    Choices choices() {
        return choices;
    }

    Mutant mutant() {
        return mutant;
    }

    SimulatedVpc ec2() {
        return ec2;
    }

    SimViews views() {
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

    SimIntents intents() {
        return intents;
    }

    FaultyEc2 api() {
        return api;
    }

    SimLinks links() {
        return links;
    }

    ForeignEc2Changes byHand() {
        return byHand;
    }

    WaitingRequests requests() {
        return requests;
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

    WorldParameters terms() {
        return terms;
    }

    Coverage coverage() {
        return coverage;
    }

    Events events() {
        return events;
    }

    Instant now() {
        return clock.now();
    }

    boolean isCalm() {
        return faults.isCalm();
    }

    void calm(boolean isCalm) {
        faults.calm(isCalm);
        disk.calm(isCalm);
        if (isCalm) {
            intents.full(false);
            api.calm();
            calls.calm();
            ec2.subnets().forEach(SimulatedSubnet::strangersLeave);
            kernel.foreignRoutesGo();
        }
    }

    /// Steps so far: what a choice made happen, and what time brought.
    long steps() {
        return steps;
    }

    long messages() {
        return post.messages();
    }

    /// Where EC2 begins to look for something free.
    int place() {
        return choices.of(1 << 10);
    }

    /// Whether the fault comes now. Counts it.
    boolean accident(SimulatedFault fault) {
        return faults.occurs(fault);
    }

    void seen(Message message) {
        coverage.message(message);
        events.note(clock.now(), message);
    }

    void seen(Effect effect) {
        coverage.effect(effect);
        events.note(clock.now(), effect);
    }

    /// @param thing made into text only when somebody asks
    void note(Object thing) {
        events.note(clock.now(), thing);
    }

    // ---- one step

    /// Lets some time pass and one thing happen.
    void step() {
        steps++;
        passTime(Duration.ofMillis(choices.of(terms.stepMillisMax())));
        int kind = choices.of(100);
        boolean crowded = runtime.count() > accidents.podsWanted();
        if (kind < 34) {
            for (int i = choices.of(3); i >= 0; i--) {
                calls.goOn();
            }
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
            accidents.burst();
        } else {
            accidents.happen();
        }
        runtime.settle();
        if (steps % AUDIT_EACH == 0) {
            audit();
        }
    }

    void audit() {
        checker.audit(node.snapshot(node.latest()), coverage);
    }

    // ---- time

    /// Lets time pass; the owner and the views look when they want to.
    void passTime(Duration duration) {
        ec2.settle(clock.now());
        Instant target = clock.now().plus(duration);
        for (int i = 0; i < TICKS_IN_A_STEP; i++) {
            Instant next = nextLook().orElse(Instant.MAX);
            if (next.isAfter(target)) {
                break;
            }
            steps++;
            clock.advanceTo(next);
            lookNow();
        }
        clock.advanceTo(target); // ipamd may have been down for longer than that
        ec2.settle(clock.now());
        intents.compact();
        runtime.settle();
    }

    /// When an owner looks next, or something comes by itself.
    Optional<Instant> nextLook() {
        return Stream.of(
                        mutant.lookAgainAt(node.lookAgainAt()),
                        node.cloudLooksAgainAt(clock.now()),
                        Optional.of(views.next()),
                        Optional.of(links.next()),
                        Optional.of(runtime.next()),
                        Optional.of(calls.next()))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private void lookNow() {
        Optional<Instant> owner = mutant.lookAgainAt(node.lookAgainAt());
        if (owner.isPresent() && !owner.get().isAfter(clock.now())) {
            if (accident(SimulatedFault.TICK_LATE)) {
                clock.advance(Duration.ofMillis(choices.of(1500)));
            }
            deliver(new Message.Tick());
        }
        Optional<Instant> cloud = node.cloudLooksAgainAt(clock.now());
        if (cloud.isPresent() && !cloud.get().isAfter(clock.now())) {
            hear(new EniMessage.Tick());
        }
        links.look();
        views.look();
        if (calls.isDue()) {
            calls.goOn();
        }
        runtime.settle();
    }

    /// Hands a message to ipamd's pool.
    ///
    /// @return false when ipamd died of it
    boolean deliver(Message message) {
        return post.deliver(message);
    }

    /// Hands a message to ipamd's machine of ENIs.
    ///
    /// @return false when ipamd died of it
    boolean hear(EniMessage message) {
        return post.hear(message);
    }

    MessageQueue post() {
        return post;
    }

    // ---- death and life

    /// ipamd is killed and starts again some seconds later.
    void crash() {
        crash(Duration.ofMillis(500 + choices.of(30_000)));
    }

    /// @param away until it starts again
    void crash(Duration away) {
        note("ipamd is killed");
        post.died();
        links.crashed();
        calls.abandon();
        requests.abandon();
        checker.crashed(clock.now());
        runtime.crashed();
        clock.advance(away);
        if (accident(SimulatedFault.MODE_CHANGED) && !terms.ipv6()) {
            terms = terms.withMode(choices.of(2) == 0 ? PoolMode.ADDRESSES : PoolMode.PREFIXES);
            checker.limits().settings(terms.settings());
        }
        start();
        if (faults.isCalm()) {
            return;
        }
        audit();
    }

    /// Starts ipamd. Call once before the first step.
    void start() {
        note("ipamd starts");
        try {
            SimRecovery.Found found = SimRecovery.look(this);
            node = new SimNode(this, clock.now());
            node.begin(found, clock.now());
        } catch (Crash _) {
            crash();
            return;
        }
        views.restart();
        var _ = deliver(new Message.Tick());
    }
}
