package io.vpceni.lab.simulate.run;

import io.vpceni.config.PoolMode;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.accident.Accidents;
import io.vpceni.lab.simulate.accident.KernelAccidents;
import io.vpceni.lab.simulate.accident.NodeAccidents;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Choices;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.context.Crash;
import io.vpceni.lab.simulate.context.Events;
import io.vpceni.lab.simulate.context.Faults;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.context.SimulatedIds;
import io.vpceni.lab.simulate.context.SimulationClock;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.ec2.FaultyEc2;
import io.vpceni.lab.simulate.ec2.ForeignEc2Changes;
import io.vpceni.lab.simulate.ec2.SimImds;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.lab.simulate.node.CallsUnderWay;
import io.vpceni.lab.simulate.node.EniEffects;
import io.vpceni.lab.simulate.node.MessageQueue;
import io.vpceni.lab.simulate.node.SimDisk;
import io.vpceni.lab.simulate.node.SimIntents;
import io.vpceni.lab.simulate.node.SimLeadership;
import io.vpceni.lab.simulate.node.SimLinks;
import io.vpceni.lab.simulate.node.SimNode;
import io.vpceni.lab.simulate.node.SimRecovery;
import io.vpceni.lab.simulate.node.SimRuntime;
import io.vpceni.lab.simulate.node.SimViews;
import io.vpceni.lab.simulate.node.WaitingRequests;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.port.PlantedMutant;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One node, its EC2, its kernel, its disk and its runtime in one thread, with simulated time.
public final class SimWorld {
    private static final int TICKS_IN_A_STEP = 200;
    private static final int AUDIT_EACH = 32;

    private final RunContext run;
    private final PlantedMutant mutant;
    private final SimulatedVpc ec2;
    private final SimKernel kernel;
    private final Checker checker;
    private final SimDisk disk;
    private final SimIntents intents;
    private final FaultyEc2 api;
    private final SimImds imds;
    private final ForeignEc2Changes byHand;
    private final SimLinks links;
    private final CallsUnderWay calls;
    private final WaitingRequests requests;
    private final SimRuntime runtime;
    private final SimViews views;
    private final MessageQueue post;
    private final SimRecovery recovery;
    private final SimLeadership leadership;
    private final EniEffects effects;
    private final Accidents accidents;
    private WorldParameters parameters;
    private SimNode node;
    private long steps;

    public SimWorld(WorldParameters parameters, Choices choices, Mutant planted, Coverage coverage, Events events) {
        this.parameters = parameters;
        SimulationClock clock = new SimulationClock();
        this.run = new RunContext(clock, choices, new Faults(choices, parameters, coverage), coverage, events);
        this.kernel = new SimKernel(clock::now);
        this.ec2 = vpc(parameters);
        this.checker = new Checker(parameters, ec2, kernel);
        this.mutant = new WorldMutant(planted, this);
        this.disk = new SimDisk(choices, parameters, coverage, checker);
        this.intents = new SimIntents(run, mutant, checker);
        this.api = new FaultyEc2(run, ec2, checker);
        this.post = new MessageQueue(run, mutant, checker, this::node, this::told, this::crash);
        this.links = new SimLinks(run, ec2, post);
        this.imds = new SimImds(run, ec2);
        this.byHand = new ForeignEc2Changes(run, checker, ec2, links::isReady, this::parameters);
        this.requests =
                new WaitingRequests(run, checker, ec2, post, (request, addsWait) -> node().request(request, addsWait));
        this.runtime = new SimRuntime(run, checker, kernel, ec2, post, disk::isFull, () -> node().latest());
        this.leadership = new SimLeadership(run);
        this.recovery = new SimRecovery(run, mutant, checker, ec2, api, kernel, links, disk, intents);
        var _ = ec2.attach(0, EniRole.PODS, run.now(), 0);
        for (int i = 0; i < parameters.otherEnis(); i++) {
            addOtherEni();
        }
        clock.advance(Duration.ofSeconds(100)); // long ago for EC2's views
        this.views = new SimViews(run, checker, post, runtime, requests, () -> node().look());
        this.calls = new CallsUnderWay(
                run,
                api,
                checker,
                post,
                requests,
                views,
                leadership,
                () -> node().held().keySet(),
                this::crash);
        this.effects = new EniEffects(run, mutant, checker, calls, links, post);
        this.accidents = new Accidents(
                run,
                parameters,
                runtime,
                byHand,
                new KernelAccidents(run, kernel, runtime, ec2),
                new NodeAccidents(post, checker, disk, intents, links, requests, this::crash));
        this.node = newNode();
    }

    private static SimulatedVpc vpc(WorldParameters parameters) {
        List<SimulatedSubnet> subnets = new ArrayList<>();
        for (int i = 0; i < parameters.subnets(); i++) {
            subnets.add(new SimulatedSubnet(i, parameters.subnetBits(), parameters.strangersIn32()));
        }
        return new SimulatedVpc(SimulatedIds.NODE, List.of(SimulatedIds.SECURITY_GROUP), subnets, parameters.limits());
    }

    private SimNode newNode() {
        EniStateMachine works = recovery.works(parameters, mutant.leadership(leadership));
        return new SimNode(run, parameters, mutant, kernel, runtime, requests, disk, intents, works, effects);
    }

    /// The machine of ENIs is about to tell the pool something.
    private void told(Message message) {
        views.told(message);
        checker.tells(message, links::isReady, run.now());
        requests.told(message);
    }

    private void addOtherEni() {
        List<EniRole> roles = List.of(EniRole.TRUNK, EniRole.EFA, EniRole.UNMANAGED);
        ec2.attach(0, roles.get(run.choices().of(roles.size())), run.now(), 7)
                .ifPresent(eni -> ec2.assign(eni, BlockKind.ADDRESS, Math.min(2, ec2.slots()), run.now(), 9));
    }

    public RunContext run() {
        return run;
    }

    public ForeignEc2Changes byHand() {
        return byHand;
    }

    public SimulatedVpc ec2() {
        return ec2;
    }

    public SimKernel kernel() {
        return kernel;
    }

    public SimImds imds() {
        return imds;
    }

    SimLinks links() {
        return links;
    }

    MessageQueue post() {
        return post;
    }

    public WaitingRequests requests() {
        return requests;
    }

    public CallsUnderWay calls() {
        return calls;
    }

    public SimRuntime runtime() {
        return runtime;
    }

    public Checker checker() {
        return checker;
    }

    public SimNode node() {
        return node;
    }

    public WorldParameters parameters() {
        return parameters;
    }

    public Instant now() {
        return run.now();
    }

    public void quiescent(boolean isQuiescent) {
        run.faults().quiescent(isQuiescent);
        disk.quiescent(isQuiescent);
        if (isQuiescent) {
            intents.full(false);
            api.quiescent();
            calls.quiescent();
            post.share(1);
            ec2.subnets().forEach(SimulatedSubnet::strangersLeave);
            kernel.foreignRoutesGo();
        }
    }

    /// Steps so far: what a choice made happen, and what time brought.
    public long steps() {
        return steps;
    }

    public long messages() {
        return post.messages();
    }

    // ---- one step

    /// Lets some time pass and one thing happen.
    public void step() {
        steps++;
        passTime(Duration.ofMillis(run.choices().of(parameters.stepMillisMax())));
        int kind = run.choices().of(100);
        boolean crowded = runtime.count() > accidents.podsWanted();
        if (kind < 34) {
            for (int i = run.choices().of(3); i >= 0; i--) {
                calls.goOn();
            }
        } else if (kind < 54) {
            if (crowded) {
                runtime.del();
            } else {
                var _ = runtime.add();
            }
        } else if (kind < 70) {
            if (crowded || run.choices().of(3) > 0) {
                runtime.del();
            } else {
                var _ = runtime.add();
            }
        } else if (kind < 74) {
            runtime.goOn();
        } else if (kind < 78) {
            passTime(Duration.ofSeconds(run.choices().of(90)));
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

    public void audit() {
        checker.audit(node.snapshot(node.latest()), run.coverage());
    }

    // ---- time

    /// Lets time pass; the owner and the views look when they want to.
    public void passTime(Duration duration) {
        ec2.settle(run.now());
        Instant target = run.now().plus(duration);
        for (int i = 0; i < TICKS_IN_A_STEP; i++) {
            Instant next = nextLook().orElse(Instant.MAX);
            if (next.isAfter(target)) {
                break;
            }
            steps++;
            run.clock().advanceTo(next);
            lookNow();
        }
        run.clock().advanceTo(target); // ipamd may have been down for longer than that
        ec2.settle(run.now());
        intents.compact();
        runtime.settle();
    }

    /// When an owner looks next, or something comes by itself.
    public Optional<Instant> nextLook() {
        return Stream.of(
                        mutant.lookAgainAt(node.lookAgainAt()),
                        node.eniLoopLooksAgainAt(run.now()),
                        Optional.of(views.next()),
                        Optional.of(links.next()),
                        Optional.of(runtime.next()),
                        Optional.of(calls.next()))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private void lookNow() {
        Optional<Instant> owner = mutant.lookAgainAt(node.lookAgainAt());
        if (owner.isPresent() && !owner.get().isAfter(run.now())) {
            if (run.occurs(SimulatedFault.TICK_LATE)) {
                run.clock().advance(Duration.ofMillis(run.choices().of(1500)));
            }
            post.deliver(new Message.Tick());
        }
        Optional<Instant> eniLoop = node.eniLoopLooksAgainAt(run.now());
        if (eniLoop.isPresent() && !eniLoop.get().isAfter(run.now())) {
            post.hear(new EniMessage.Tick());
        }
        links.look();
        views.look();
        if (calls.isDue()) {
            calls.goOn();
        }
        runtime.settle();
    }

    // ---- death and life

    /// ipamd is killed and starts again some seconds later.
    public void crash() {
        crash(Duration.ofMillis(500 + run.choices().of(30_000)));
    }

    /// @param away until it starts again
    public void crash(Duration away) {
        run.note("ipamd is killed");
        post.died();
        links.crashed();
        calls.abandon();
        requests.abandon();
        checker.crashed(run.now());
        runtime.crashed();
        run.clock().advance(away);
        if (run.occurs(SimulatedFault.MODE_CHANGED) && !parameters.ipv6()) {
            parameters = parameters.withMode(run.choices().of(2) == 0 ? PoolMode.ADDRESSES : PoolMode.PREFIXES);
            checker.limits().settings(parameters.settings());
        }
        start();
        if (run.isQuiescent()) {
            return;
        }
        audit();
    }

    /// Starts ipamd. Call once before the first step.
    public void start() {
        run.note("ipamd starts");
        try {
            SimRecovery.Found found = recovery.look(parameters.settings().cooldown());
            node = newNode();
            node.begin(found, run.now());
        } catch (Crash _) {
            crash();
            return;
        }
        views.restart();
        var _ = post.deliver(new Message.Tick());
    }
}
