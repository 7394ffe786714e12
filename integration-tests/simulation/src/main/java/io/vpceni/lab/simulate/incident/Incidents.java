package io.vpceni.lab.simulate.incident;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Incidents of the AWS VPC CNI, Azure's CNS and Cilium that are about the pool's state.
public final class Incidents {
    private static final Duration COOLDOWN = Duration.ofSeconds(30);

    private Incidents() {}

    public static List<Incident> all() {
        return Stream.concat(views().stream(), arrivals().stream()).toList();
    }

    /// Incidents in which one view was believed.
    private static List<Incident> views() {
        return List.of(
                new Incident(
                        "cni#1967",
                        "an ENI in use is deleted after a restart",
                        warmIps(1, 4, 4, COOLDOWN),
                        Invariant.NEVER_RELEASED_IN_USE,
                        "an ENI that IMDS does not list yet is detached",
                        IncidentMutants.ImdsForEnis::new,
                        Incidents::restartOnStaleImds),
                new Incident(
                        "cni#3019",
                        "IMDS leaves out addresses that pods have",
                        warmIps(2, 2, 10, COOLDOWN),
                        Invariant.ONE_OWNER,
                        "an address that IMDS does not list is free again, whoever has it",
                        IncidentMutants.ImdsForAddresses::new,
                        Incidents::imdsLeavesOut),
                new Incident(
                        "cni#3824",
                        "a /28 in use is unassigned after 46 hours",
                        prefixes(),
                        Invariant.NEVER_RELEASED_IN_USE,
                        "a prefix that was not taken in whole at start is unknown, and what is unknown is unassigned",
                        IncidentMutants.PrefixForgotten::new,
                        Incidents::prefixForgotten),
                new Incident(
                        "cni#3887",
                        "after a restart an address that EC2 took is given out",
                        warmIps(3, 1, 8, COOLDOWN),
                        Invariant.ASSIGNED_IS_OWNED,
                        "the checkpoint is believed, and a difference to EC2 is only logged",
                        IncidentMutants.DifferenceLogged::new,
                        Incidents::takenWhileDown),
                new Incident(
                        "cil#13412",
                        "an address is released that a pod was just given",
                        warmIps(1, 1, 12, Duration.ofSeconds(5)),
                        Invariant.NEVER_RELEASED_IN_USE,
                        "what was surplus 15 seconds ago is unassigned",
                        IncidentMutants.DecidesOnOldData::new,
                        Incidents::surplusOfAMomentAgo),
                new Incident(
                        "cil#46644",
                        "one time without a free /28 turns prefixes off for ever",
                        prefixesInAFullSubnet(),
                        Invariant.PROGRESS,
                        "after one InsufficientCidrBlocks every later request for a prefix is refused",
                        IncidentMutants.PrefixesOffForEver::new,
                        Incidents::prefixesComeBack));
    }

    /// Incidents in pods' coming and going.
    private static List<Incident> arrivals() {
        return List.of(
                new Incident(
                        "cni#1700,#2896",
                        "pods fail while cooling addresses count as stock",
                        warmIps(2, 3, 15, COOLDOWN),
                        Invariant.PROGRESS,
                        "available = held - assigned, cooling ones included; nobody waits",
                        IncidentMutants.CoolingIsStock::new,
                        Incidents::churnAtTheTarget),
                new Incident(
                        "cni#3634",
                        "a retried SYN meets another service's pod",
                        warmIps(13, 1, 15, COOLDOWN),
                        Invariant.COOLDOWN_KEPT,
                        "the address freed last is given out first",
                        IncidentMutants.NewestFirst::new,
                        Incidents::reuseWithinTwoMinutes),
                new Incident(
                        "cni#3109",
                        "64 addresses in use by 59 pods: lost DELs",
                        warmIps(2, 2, 10, COOLDOWN),
                        Invariant.NOTHING_LEAKS,
                        "only a DEL frees an address",
                        IncidentMutants.onlyDelFrees(),
                        Incidents::lostDels),
                new Incident(
                        "cni#1127",
                        "a restart forgets who cooled",
                        fixed(),
                        Invariant.COOLDOWN_KEPT,
                        "the checkpoint has no times",
                        IncidentMutants.cooldownForgotten(),
                        Incidents::restartWhileCooling),
                new Incident(
                        "az#4829",
                        "a DEL races the ADD that it belongs to",
                        fixed(),
                        Invariant.NOTHING_LEAKS,
                        "a DEL that finds nothing leaves no trace",
                        IncidentMutants.tombstoneForgotten(),
                        Incidents::delRacesAdd));
    }

    private static void restartOnStaleImds(IncidentWorld scene) {
        List<AttachmentKey> first = scene.add(3);
        scene.minutes(6);
        List<AttachmentKey> second = scene.add(6); // on ENIs that are seconds old
        scene.restart(Duration.ofSeconds(5));
        scene.minutes(10);
        first.forEach(scene::addressOf);
        second.forEach(scene::addressOf);
        scene.requireOrder();
    }

    private static void imdsLeavesOut(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(6);
        scene.minutes(5);
        scene.world().imds().leaveOut(scene.addressOf(pods.get(1)));
        scene.world().imds().leaveOut(scene.addressOf(pods.get(4)));
        scene.minutes(3);
        scene.add(8);
        scene.requireOrder();
    }

    private static void prefixForgotten(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(20);
        scene.minutes(2);
        scene.restart(Duration.ofSeconds(3));
        for (int hour = 0; hour < 46; hour++) {
            scene.world().passTime(Duration.ofMinutes(60));
            scene.settle();
        }
        scene.minutes(5);
        pods.forEach(scene::addressOf);
        scene.requireOrder();
    }

    private static void takenWhileDown(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(2);
        scene.minutes(2);
        InetAddress given = scene.addressOf(pods.getLast());
        scene.del(pods.getLast());
        scene.minutes(1);
        SimulatedEni eni = scene.world().ec2().ownerOf(given).orElseThrow();
        scene.world().byHand().take(eni, Cidr.containing(given, 32));
        scene.restart(Duration.ofMinutes(2));
        scene.add(6);
        scene.minutes(3);
        scene.requireOrder();
    }

    private static void surplusOfAMomentAgo(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(8);
        scene.minutes(2);
        pods.forEach(scene::del);
        for (int i = 0; i < 60 && scene.world().requests().open().isEmpty(); i++) {
            scene.world().passTime(Duration.ofSeconds(1)); // until the pool asks about what is surplus
        }
        List<AttachmentKey> later = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            later.add(scene.add());
        }
        scene.minutes(4);
        later.forEach(scene::addressOf);
        scene.requireOrder();
    }

    private static void prefixesComeBack(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(3);
        scene.minutes(2);
        scene.world().ec2().subnet().strangersLeave();
        pods.addAll(scene.add(3));
        scene.minutes(30);
        pods.addAll(scene.add(6));
        scene.minutes(30);
        boolean prefix = scene.world().ec2().enis().stream()
                .flatMap(eni -> eni.blocks().stream())
                .anyMatch(block -> block.prefixBits() == 28);
        scene.require(prefix, Invariant.PROGRESS, "an hour after there was room for prefixes the node has none");
        pods.forEach(scene::addressOf);
    }

    private static void churnAtTheTarget(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(2);
        scene.minutes(3);
        pods.forEach(scene::del);
        List<AttachmentKey> next = scene.add(2);
        next.add(scene.add());
        next.add(scene.add());
        scene.seconds(5);
        for (AttachmentKey pod : next) {
            scene.require(scene.runs(pod), Invariant.PROGRESS, pod.containerId() + " got no address within 5 s");
        }
    }

    private static void reuseWithinTwoMinutes(IncidentWorld scene) {
        scene.minutes(1);
        AttachmentKey pod = scene.add();
        scene.settle();
        InetAddress address = scene.addressOf(pod);
        scene.del(pod); // its peer will try again for two minutes
        for (int i = 0; i < 11; i++) {
            scene.seconds(10);
            AttachmentKey other = scene.add();
            scene.settle();
            scene.require(
                    !scene.addressOf(other).equals(address),
                    Invariant.COOLDOWN_KEPT,
                    address.getHostAddress() + " is another pod's " + 10 * (i + 1)
                            + " s after it was freed, though others rested longer");
            scene.del(other);
        }
    }

    private static void lostDels(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(12);
        scene.minutes(6);
        pods.subList(0, 5).forEach(pod -> scene.world().runtime().vanish(pod));
        scene.minutes(10);
        scene.requireOrder();
    }

    private static void restartWhileCooling(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(3); // all there are
        scene.minutes(1);
        scene.del(pods.get(1));
        scene.restart(Duration.ofSeconds(2));
        AttachmentKey next = scene.add();
        scene.seconds(5);
        scene.require(!scene.runs(next), Invariant.COOLDOWN_KEPT, "an address was reused at once");
        scene.minutes(1);
        scene.requireOrder();
    }

    private static void delRacesAdd(IncidentWorld scene) {
        scene.add(2);
        scene.world().runtime().overtake(); // the DEL comes first, and an address is free
        scene.add(1);
        AttachmentKey waits = scene.add(); // nothing is free
        scene.del(waits);
        scene.minutes(2);
        scene.require(!scene.runs(waits), Invariant.NOTHING_LEAKS, "a deleted pod runs");
        scene.requireOrder();
    }

    // ---- nodes

    private static WorldParameters warmIps(int warm, int enis, int addresses, Duration cooldown) {
        return WorldParameters.quiet(new PoolSettings(0, warm, 0, 0, cooldown), new NodeLimits(enis, addresses));
    }

    /// One ENI with three addresses, all of them held from the start.
    private static WorldParameters fixed() {
        return WorldParameters.quiet(new PoolSettings(1, 0, 0, 0, COOLDOWN), new NodeLimits(1, 4));
    }

    private static WorldParameters prefixes() {
        return WorldParameters.quiet(
                new PoolSettings(0, 0, 0, 0, COOLDOWN, PoolMode.PREFIXES, 1, 0, PolicyName.AWS), new NodeLimits(2, 6));
    }

    private static WorldParameters prefixesInAFullSubnet() {
        WorldParameters quiet = WorldParameters.quiet(prefixes().settings(), new NodeLimits(2, 15));
        return new WorldParameters(quiet.settings(), quiet.limits(), 24, 16, quiet.faults(), 1000, 10, 0, 1, true);
    }
}
