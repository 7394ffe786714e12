package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.Cidr;
import io.vpceni.lab.demo.Metadata;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.WorldPlan;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who reaches the metadata service of which node.
@Tag("root")
@Timeout(120)
class ImdsReachTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final Duration LOST_AFTER = Duration.ofMillis(700);

    @Test
    void eachNodeIsToldOfItselfOnlyAndAPodOneHopFurtherNothing() throws IOException {
        try (Trial trial = Trial.begin("timds")) {
            LabInfrastructure infrastructure =
                    trial.infrastructure(trial.plan(2).withWorld(world(1)));

            for (VpcNode node : infrastructure.nodes().values()) {
                assertThat(Metadata.get(node.namespace(), "instance-id", ANSWER_MAX))
                        .isEqualTo(node.instanceId());
                assertThat(Metadata.get(node.namespace(), "network/interfaces/macs/", ANSWER_MAX))
                        .isEqualTo(infrastructure
                                        .enisOf(node)
                                        .values()
                                        .iterator()
                                        .next()
                                        .macAddress() + "/");
                assertThat(Metadata.statusWithoutToken(node.namespace(), ANSWER_MAX))
                        .isEqualTo(401);
            }
            for (VpcNode of : infrastructure.nodes().values()) {
                for (VpcNode from : infrastructure.nodes().values()) {
                    assertThatThrownBy(() -> connect(
                                    from.namespace(), infrastructure.vpc().imdsAddress(of)))
                            .as("%s to the server behind %s", from.name(), of.name())
                            .isInstanceOf(SocketTimeoutException.class);
                }
            }
            try (Ec2ApiEnis enis = new Ec2ApiEnis(infrastructure)) {
                HandWiredPod pod = podOnFirstNode(infrastructure, enis);
                try (var _ = pod.echoServer()) {
                    assertThatThrownBy(() -> Metadata.get(pod.namespace(), "instance-id", LOST_AFTER))
                            .isInstanceOf(SocketTimeoutException.class);
                }
            }
        }
    }

    @Test
    void aHopLimitOfTwoLetsThePodsOfTheNodeIn() throws IOException {
        try (Trial trial = Trial.begin("timdshop")) {
            LabInfrastructure infrastructure =
                    trial.infrastructure(trial.plan(1).withWorld(world(2)));
            try (Ec2ApiEnis enis = new Ec2ApiEnis(infrastructure)) {
                HandWiredPod pod = podOnFirstNode(infrastructure, enis);
                try (var _ = pod.echoServer()) {
                    assertThat(Metadata.get(pod.namespace(), "instance-id", ANSWER_MAX))
                            .isEqualTo(pod.node().instanceId());
                    assertThat(Metadata.statusWithoutToken(pod.namespace(), ANSWER_MAX))
                            .isEqualTo(401);
                }
            }
        }
    }

    private static HandWiredPod podOnFirstNode(LabInfrastructure infrastructure, Ec2ApiEnis enis) throws IOException {
        VpcNode node = infrastructure.nodes().firstEntry().getValue();
        return HandWiredPod.wire(infrastructure, node, enis.attach(node, 1, 1));
    }

    private static WorldPlan world(int hopLimit) {
        Cidr vpc = Cidr.parse("10.0.0.0/16");
        return new WorldPlan(vpc, List.of(vpc), hopLimit == 1 ? 2 : 1, "t3.small", hopLimit);
    }

    private static boolean connect(Namespace from, InetSocketAddress to) throws IOException {
        return Netns.call(from.path(), () -> {
            try (Socket socket = new Socket()) {
                socket.connect(to, (int) LOST_AFTER.toMillis());
                return socket.isConnected();
            }
        });
    }
}
