package io.vpceni.lab.chaos;

import io.vpceni.lab.ec2.fault.DurationRange;
import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.fault.Presets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The fault scenarios of a chaos run, one after another: each comes once before one comes again. Only nodes are hit,
/// so that the lab itself can still ask EC2. In each of them EC2 answers slowly, so that ipamd can be killed meanwhile.
final class FaultSchedule {
    private static final List<String> GROWTH =
            List.of("CreateNetworkInterface", "AssignPrivateIpAddresses", "AttachNetworkInterface");
    private static final List<String> DENIED = List.of(
            "CreateNetworkInterface",
            "AttachNetworkInterface",
            "ModifyNetworkInterfaceAttribute",
            "AssignPrivateIpAddresses",
            "UnassignPrivateIpAddresses",
            "DetachNetworkInterface",
            "DeleteNetworkInterface",
            "DescribeNetworkInterfaces");

    private final RandomGenerator random;
    private final List<String> nodes;
    private final ShuffledCycle<FaultKind> kinds;
    private final ShuffledCycle<String> denied;

    FaultSchedule(List<String> nodes, RandomGenerator random) {
        this.nodes = List.copyOf(nodes);
        this.random = random;
        this.kinds = new ShuffledCycle<>(List.of(FaultKind.values()), random);
        this.denied = new ShuffledCycle<>(DENIED, random);
    }

    /// The number of scenarios before one repeats.
    int kinds() {
        return kinds.size();
    }

    FaultScenario next() {
        FaultScenario drawn = drawn(kinds.next());
        List<FaultRule> rules = new ArrayList<>(drawn.rules());
        rules.add(atAll(new Fault.Slow(DurationRange.ofMillis(50, 400))).named("takes-its-time"));
        return new FaultScenario(drawn.name(), rules);
    }

    private FaultScenario drawn(FaultKind kind) {
        return switch (kind) {
            case STORM -> new FaultScenario(kind.title(), Presets.storm());
            case IMDS_DOWN -> new FaultScenario(kind.title(), List.of(atSomeOrAll(new Fault.ImdsDown())));
            case IMDS_STALE -> new FaultScenario(kind.title(), List.of(atAll(new Fault.ImdsStale())));
            case IMDS_SILENT ->
                new FaultScenario(kind.title(), List.of(atSomeOrAll(new Fault.ImdsTimeout(Duration.ofSeconds(8)))));
            case PERMISSION_LOST -> permissionLost(denied.next());
            case SUBNET_FULL -> refused(kind.title(), GROWTH.subList(0, 2), "InsufficientFreeAddressesInSubnet", 1);
            case THROTTLED ->
                new FaultScenario(
                        kind.title(),
                        List.of(atAll(new Fault.Refuse("RequestLimitExceeded")).withChance(0.7)));
            case ANSWERS_LOST ->
                new FaultScenario(
                        kind.title(),
                        List.of(
                                atAll(new Fault.LoseAnswer()).withChance(0.3),
                                atAll(new Fault.LoseRequest()).withChance(0.1),
                                atAll(new Fault.Slow(DurationRange.ofMillis(50, 1500)))));
            case PARTIAL_ANSWERS -> new FaultScenario(kind.title(), List.of(atAll(new Fault.Partial(40))));
            case EVERYTHING_LATE ->
                new FaultScenario(
                        kind.title(),
                        List.of(
                                atAll(new Fault.AttachDelay(DurationRange.ofMillis(2000, 9000))),
                                atAll(new Fault.DetachDelay(DurationRange.ofMillis(2000, 9000))),
                                atAll(new Fault.LinkDelay(DurationRange.ofMillis(2000, 8000))),
                                atAll(new Fault.StaleView(Duration.ofSeconds(5))),
                                atAll(new Fault.ImdsLag(Duration.ofSeconds(12)))));
            case ENI_LIMIT -> refused(kind.title(), GROWTH.subList(2, 3), "AttachmentLimitExceeded", 0.6);
            case NO_FAULTS -> new FaultScenario(kind.title(), Presets.none());
        };
    }

    private FaultScenario permissionLost(String action) {
        return refused(FaultKind.PERMISSION_LOST.title() + ": " + action, List.of(action), "UnauthorizedOperation", 1);
    }

    private static FaultScenario refused(String name, List<String> actions, String code, double chance) {
        List<FaultRule> rules = new ArrayList<>();
        for (String action : actions) {
            rules.add(atAll(new Fault.Refuse(code)).on(action).withChance(chance));
        }
        return new FaultScenario(name, rules);
    }

    private static FaultRule atAll(Fault fault) {
        return FaultRule.of(fault).from(FaultRule.NODES);
    }

    private FaultRule atSomeOrAll(Fault fault) {
        return random.nextBoolean() ? atAll(fault) : FaultRule.of(fault).from(nodes.get(random.nextInt(nodes.size())));
    }
}
