package io.vpceni.lab.ec2.fault;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Lists of rules by name.
public final class Presets {
    private Presets() {}

    /// No fault.
    public static List<FaultRule> none() {
        return List.of();
    }

    /// The faults of a busy account, more often than on AWS: throttling, server errors, slow and lost answers,
    /// lagging views (of EC2 and IMDS differently), partial assignments, late attachments and links. Only nodes
    /// are hit, so that the lab itself can read and clean up.
    public static List<FaultRule> storm() {
        return List.of(
                storm("throttling", new Fault.Refuse("RequestLimitExceeded")).withChance(0.15),
                storm("server-errors", new Fault.Refuse("InternalError")).withChance(0.03),
                storm("slow", new Fault.Slow(DurationRange.ofMillis(20, 600))),
                storm("lost-requests", new Fault.LoseRequest()).withChance(0.03),
                storm("lost-answers", new Fault.LoseAnswer()).withChance(0.06),
                storm("half-done", new Fault.Partial(50)).withChance(0.1),
                storm("lag", new Fault.StaleView(Duration.ofSeconds(2))).withChance(0.7),
                storm("imds-lag", new Fault.ImdsLag(Duration.ofSeconds(5))),
                storm("imds-errors", new Fault.ImdsStatus(500)).withChance(0.05),
                storm("late-attach", new Fault.AttachDelay(DurationRange.ofMillis(500, 5000))),
                storm("late-detach", new Fault.DetachDelay(DurationRange.ofMillis(500, 5000))),
                storm("late-link", new Fault.LinkDelay(DurationRange.ofMillis(200, 4000))));
    }

    private static FaultRule storm(String name, Fault fault) {
        return FaultRule.of(fault).named("storm-" + name).from(FaultRule.NODES);
    }

    /// All of them, by name.
    public static SortedMap<String, List<FaultRule>> byName() {
        SortedMap<String, List<FaultRule>> all = new TreeMap<>();
        all.put("none", none());
        all.put("storm", storm());
        return all;
    }
}
