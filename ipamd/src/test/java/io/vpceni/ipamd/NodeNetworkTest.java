package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.FakeEc2;
import io.vpceni.eni.FakeImds;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.NodeDiscovery;
import io.vpceni.eni.NodeStart;
import io.vpceni.ipamd.cni.NetlinkPodDatapath;
import io.vpceni.pool.EniRole;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeNetworkTest {
    private static final String PRIMARY = FakeEc2.macOf(1).toString();
    private static final String SECOND = FakeEc2.macOf(2).toString();
    private static final InetAddress FOREIGN = InetAddress.ofLiteral("10.0.0.77");

    private final FakeKernel kernel = new FakeKernel();
    private final FakeImds imds = new FakeImds().listingLater(2, 0);
    private final FakeEc2 ec2 =
            new FakeEc2(FakeEc2.Style.EC2).withEni(FakeImds.INSTANCE, 0, 2).withEni(FakeImds.INSTANCE, 1, 2);
    private final NodeDiscovery discovery = new NodeDiscovery(ec2, imds, _ -> {});
    private final NetlinkPodDatapath datapath = new NetlinkPodDatapath(kernel, (_, _) -> Optional.empty());
    private final NodeNetwork network = new NodeNetwork(kernel, datapath, discovery, new VpcBlocks(imds));

    private NodeStart node(EniRole second) throws IOException, InterruptedException {
        return discovery.start(imds.identity(), eni -> eni.isPrimary() ? EniRole.PODS : second, Set.of());
    }

    @Test
    void the_primary_eni_and_the_translation_come_before_the_other_enis() throws IOException, InterruptedException {
        assertThat(network.setUp(node(EniRole.PODS))).hasSize(2);

        assertThat(kernel.asked).containsExactly("setUpPrimary " + PRIMARY, "applyNat", "setUpEni " + SECOND);
        assertThat(datapath.macs()).containsExactlyInAnyOrder(FakeEc2.macOf(1), FakeEc2.macOf(2));
    }

    @Test
    void the_link_of_an_eni_that_is_not_for_pods_is_left_alone() throws IOException, InterruptedException {
        network.setUp(node(EniRole.UNMANAGED));

        assertThat(kernel.asked).doesNotContain("setUpEni " + SECOND);
    }

    @Test
    void an_eni_whose_link_does_not_come_is_not_usable_and_stops_no_start() throws IOException, InterruptedException {
        kernel.refuses.add("setUpEni");

        assertThat(network.setUp(node(EniRole.PODS)))
                .extracting(AttachedEni::mac)
                .containsExactly(FakeEc2.macOf(1));
    }

    @Test
    void a_primary_eni_that_cannot_be_set_up_stops_the_start() throws IOException, InterruptedException {
        kernel.refuses.add("setUpPrimary");
        NodeStart node = node(EniRole.PODS);

        assertThatThrownBy(() -> network.setUp(node)).hasMessageContaining("the test refuses it");
    }

    @Test
    void an_eni_that_carries_nothing_is_no_success() throws IOException, InterruptedException {
        NodeStart node = node(EniRole.PODS);
        kernel.lost.add(FakeEc2.macOf(2));

        assertThatThrownBy(() -> network.setUp(node.enis().getLast().link())).hasMessageContaining("its link is down");
    }

    @Test
    void what_ec2_does_not_say_of_a_link_imds_does() throws IOException, InterruptedException {
        AttachedEni second = node(EniRole.PODS).enis().getLast();

        network.setUp(new LinkPlan(second.id(), null, second.slot(), EniRole.PODS, second.primaryAddress(), null));

        assertThat(kernel.asked).containsExactly("setUpEni " + SECOND);
    }

    @Test
    void only_what_was_set_up_and_is_not_primary_is_taken_down() throws IOException, InterruptedException {
        NodeStart node = node(EniRole.PODS);
        network.setUp(node);
        kernel.asked.clear();

        network.takeDown(node.primary().id());
        network.takeDown(node.enis().getLast().id());
        network.takeDown(node.enis().getLast().id());

        assertThat(kernel.asked).containsExactly("takeDownEni " + SECOND);
        assertThat(datapath.macs()).isEmpty();
    }

    @Test
    void addresses_of_pods_of_other_plugins_stay_with_their_holders_while_the_kernel_shows_them()
            throws IOException, InterruptedException {
        AttachmentKey holder = new AttachmentKey("other", "c", "eth0");
        network.setUp(node(EniRole.PODS));
        network.keepForeign(Map.of(FOREIGN, holder));

        assertThat(network.held()).isEmpty();
        assertThat(kernel.asked.getLast()).isEqualTo("survey");
    }

    @Test
    void a_look_tidies_up_and_the_kernel_may_refuse_that() throws IOException, InterruptedException {
        network.setUp(node(EniRole.PODS));
        kernel.refuses.add("sweep");

        assertThat(network.look()).isEmpty();
        assertThat(kernel.asked).endsWith("survey", "sweep []");
    }
}
