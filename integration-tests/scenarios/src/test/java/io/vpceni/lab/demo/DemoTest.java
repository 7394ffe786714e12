package io.vpceni.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.ec2.fault.Presets;
import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("root")
class DemoTest {
    /// Of nodes with pods on secondary ENIs, without prefixes: none may get lost, none happens twice.
    private static final List<String> CHECKS = List.of(
            "no node has more ENIs, no ENI more addresses than allowed",
            "pods are on as many ENIs as they need at least",
            "pod to pod on one node",
            "pod to pod across nodes",
            "node to its own pods",
            "pod to internet, seen there as the node's address",
            "a pod on a secondary ENI answers out of that ENI",
            "a pod on a secondary ENI reaches the internet too",
            "a pod's large packets find the internet's path MTU of 1500, by the answer of a router",
            "the node's metadata service, version 2",
            "the fabric lost nothing of all that",
            "without its from-pod rule a pod's packet is lost and counted",
            "a foreign source address is lost and counted",
            "a pod does not reach the node's metadata service (hop limit)",
            "a deleted pod's address cools before it is given again",
            "pods, ipamd and EC2 end when they are told to",
            "nothing is left on the machine");

    @Test
    @Timeout(180)
    void keepsEveryPromiseAndLeavesNothing() throws IOException {
        Demo.Result result = demo("tdemo", 2, plan -> plan);

        assertThat(checks(result)).isEqualTo(CHECKS);
    }

    @Test
    @Timeout(180)
    void keepsThemWithPrefixesOnTheSmallestType() throws IOException {
        Demo.Result result = demo(
                "tdemoprefix",
                1,
                plan -> plan.withWorld(plan.world().withInstanceType("t3.micro"))
                        .withIpamdSetting("ENABLE_PREFIX_DELEGATION", "true"));

        assertThat(result.json()).contains("18 pods in 2 prefixes");
        assertThat(checks(result)).contains("each pod's address is one of a /28 of its ENI");
    }

    @Test
    @Timeout(240)
    void keepsThemOnThreeNodesOfALargerType() throws IOException {
        Demo.Result result =
                demo("tdemolarge", 3, plan -> plan.withWorld(plan.world().withInstanceType("m5.large")));

        assertThat(result.json()).contains("11 pods on each node, 9 fit on an ENI");
    }

    @Test
    @Timeout(400)
    void keepsThemInAStorm() throws IOException {
        Demo.Result result = demo("tdemostorm", 2, plan -> plan.withFaults(Presets.storm()));

        assertThat(checks(result)).isEqualTo(CHECKS);
    }

    private static List<String> checks(Demo.Result result) throws IOException {
        List<String> names = new ArrayList<>();
        new ObjectMapper()
                .readTree(result.json())
                .path("checks")
                .forEach(check -> names.add(check.path("name").asText()));
        return names;
    }

    private static Demo.Result demo(String lab, int nodes, UnaryOperator<SitePlan> changed) throws IOException {
        SitePlan plan = SitePlan.of(lab, Path.of(System.getProperty("repository.root")), nodes)
                .withDelays(Ec2Delays.none(), Duration.ZERO);
        List<String> lines = new ArrayList<>();
        HostSnapshot before = HostSnapshot.look(lab);

        Demo.Result result = new Demo(
                        changed.apply(plan), OptionalInt.empty(), InstantSource.system(), System::nanoTime, lines::add)
                .run(LabResources.claim(LabResources.ROOT, lab), before);

        assertThat(lines).noneMatch(line -> line.contains("FAIL"));
        assertThat(result.failed()).isZero();
        return result;
    }
}
