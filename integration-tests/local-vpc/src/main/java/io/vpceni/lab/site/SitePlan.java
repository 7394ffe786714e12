package io.vpceni.lab.site;

import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.world.WorldPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The parameters of a lab.
///
/// @param name of the lab, up to 12 lower-case letters and digits
/// @param home the project's directory: the builds of ipamd and of the plugin are found below it
/// @param environment of the lab itself, for LocalStack: `PATH`, `HOME`, `DOCKER_HOST`, ...
/// @param emulation the parameters of the emulation
/// @param linkDelay from `attached` in EC2 until the link appears in the node
/// @param ipamdSettings variables of ipamd, beyond those that every node sets
/// @param nodeSettings the same for single nodes, by name; these take precedence
/// @param faults faults of the emulation from the moment on when the VPC exists; empty: none
public record SitePlan(
        String name,
        Path home,
        Map<String, String> environment,
        Ec2Choice ec2,
        Ec2Settings emulation,
        Duration linkDelay,
        WorldPlan world,
        SortedMap<String, String> ipamdSettings,
        SortedMap<String, SortedMap<String, String>> nodeSettings,
        List<FaultRule> faults) {
    public SitePlan {
        environment = Map.copyOf(environment);
        ipamdSettings = Collections.unmodifiableSortedMap(new TreeMap<>(ipamdSettings));
        faults = List.copyOf(faults);
        nodeSettings = Collections.unmodifiableSortedMap(new TreeMap<>(nodeSettings));
    }

    /// The embedded EC2 with delays as on EC2, and ipamd's defaults.
    public static SitePlan of(String name, Path home, int nodeCount) {
        return new SitePlan(
                name,
                home,
                Map.of(),
                Ec2Choice.EMBEDDED,
                Ec2Settings.defaults(),
                Duration.ofMillis(300),
                WorldPlan.ofNodes(nodeCount),
                new TreeMap<>(),
                new TreeMap<>(),
                List.of());
    }

    public SitePlan withEc2(Ec2Choice choice, Map<String, String> labEnvironment) {
        return new SitePlan(
                name, home, labEnvironment, choice, emulation, linkDelay, world, ipamdSettings, nodeSettings, faults);
    }

    public SitePlan withDelays(Ec2Delays changed, Duration changedLinkDelay) {
        return new SitePlan(
                name,
                home,
                environment,
                ec2,
                emulation.withDelays(changed),
                changedLinkDelay,
                world,
                ipamdSettings,
                nodeSettings,
                faults);
    }

    /// Other parameters of the emulation; used only with [Ec2Choice#EMBEDDED].
    public SitePlan withEmulation(Ec2Settings changed) {
        return new SitePlan(
                name, home, environment, ec2, changed, linkDelay, world, ipamdSettings, nodeSettings, faults);
    }

    public SitePlan withWorld(WorldPlan changed) {
        return new SitePlan(
                name, home, environment, ec2, emulation, linkDelay, changed, ipamdSettings, nodeSettings, faults);
    }

    /// Faults of the emulation from the moment on when the VPC exists.
    public SitePlan withFaults(List<FaultRule> changed) {
        return new SitePlan(
                name, home, environment, ec2, emulation, linkDelay, world, ipamdSettings, nodeSettings, changed);
    }

    /// Whether ipamd uses prefixes.
    public boolean prefixes() {
        return "true".equals(ipamdSettings.get("ENABLE_PREFIX_DELEGATION"));
    }

    /// Adds a variable of ipamd, unless it is set already.
    public SitePlan withIpamdSetting(String variable, String value) {
        SortedMap<String, String> changed = new TreeMap<>(ipamdSettings);
        changed.putIfAbsent(variable, value);
        return withIpamdSettings(changed);
    }

    public SitePlan withIpamdSettings(Map<String, String> changed) {
        return new SitePlan(
                name,
                home,
                environment,
                ec2,
                emulation,
                linkDelay,
                world,
                new TreeMap<>(changed),
                nodeSettings,
                faults);
    }

    /// Adds a variable of one node's ipamd.
    public SitePlan withNodeSetting(String node, String variable, String value) {
        SortedMap<String, SortedMap<String, String>> changed = new TreeMap<>(nodeSettings);
        SortedMap<String, String> own = new TreeMap<>(changed.getOrDefault(node, new TreeMap<>()));
        own.put(variable, value);
        changed.put(node, own);
        return new SitePlan(name, home, environment, ec2, emulation, linkDelay, world, ipamdSettings, changed, faults);
    }

    /// All variables of a node's ipamd, beyond those that every node sets.
    public SortedMap<String, String> settingsOf(String node) {
        SortedMap<String, String> all = new TreeMap<>(ipamdSettings);
        all.putAll(nodeSettings.getOrDefault(node, new TreeMap<>()));
        return all;
    }
}
