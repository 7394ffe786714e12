package io.vpceni.ipamd.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.config.PodName;
import io.vpceni.ipamd.FakeKernel;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.network.DefaultRoute;
import io.vpceni.network.EniLink;
import io.vpceni.network.NetworkFailure;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetlinkPodDatapathTest {
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final EniLink LINK =
            new EniLink(MAC, new DeviceSlot(0, 1), InetAddress.ofLiteral("10.0.1.5"), Cidr.parse("10.0.1.0/24"));
    private static final AttachmentKey KEY = new AttachmentKey("vpc-eni", "c0ffee", "eth0");
    private static final PodName POD = new PodName("shop", "cart-0");
    private static final Assignment ASSIGNMENT = new Assignment(KEY, POD, InetAddress.ofLiteral("10.0.1.21"), ENI);
    private static final CniCommand.Add ADD =
            new CniCommand.Add(CniVersion.V1_0_0, KEY, POD, "/run/netns/c0ffee", DefaultRoute.IF_NONE);

    private final FakeKernel kernel = new FakeKernel();
    private @Nullable NetnsFd netns;
    private final NetlinkPodDatapath datapath =
            new NetlinkPodDatapath(kernel, (_, _) -> Optional.ofNullable(netns).map(NetnsFd::share));

    @BeforeEach
    void aSandbox() throws NetlinkFailure {
        netns = NetnsFd.open(Path.of("/proc/self/ns/net"));
        datapath.eniIsSetUp(ENI, LINK);
    }

    @AfterEach
    void close() {
        if (netns != null) {
            netns.close();
        }
    }

    @Test
    void a_pod_is_wired_by_the_kernel_and_the_result_says_what_it_made()
            throws CniFailure, InterruptedException, PodDatapath.OutcomeUnknown {
        try (PodDatapath.Sandbox sandbox = datapath.sandbox(new byte[16])) {
            CniResult.Wired wired = sandbox.wire(ADD, ASSIGNMENT);

            assertThat(kernel.asked).containsExactly("wire 10.0.1.21");
            assertThat(wired.hostInterface()).isEqualTo("eni0");
            assertThat(wired.address()).isEqualTo(ASSIGNMENT.address());
            assertThat(wired.eni()).isEqualTo(ENI);
            assertThat(wired.netnsPath()).isEqualTo("/run/netns/c0ffee");
        }
    }

    @Test
    void a_descriptor_that_does_not_come_is_to_be_tried_again() {
        netns = null;

        assertThatThrownBy(() -> datapath.sandbox(new byte[16]))
                .isInstanceOfSatisfying(
                        CniFailure.class,
                        failure -> assertThat(failure.code()).isEqualTo(CniErrorCode.TRY_AGAIN_LATER));
    }

    @ParameterizedTest
    @CsvSource({
        "INTERFACE_EXISTS, INTERFACE_EXISTS",
        "OWN_NAMESPACE, INVALID_ENVIRONMENT",
        "BUSY, TRY_AGAIN_LATER",
        "KERNEL, IO_FAILURE",
        "LINK_NOT_FOUND, IO_FAILURE"
    })
    void what_the_kernel_refuses_has_the_code_of_the_cni_specification(NetworkFailure.Kind refusal, CniErrorCode code)
            throws CniFailure, InterruptedException {
        kernel.refuses.add("wire");
        kernel.refusal = refusal;

        try (PodDatapath.Sandbox sandbox = datapath.sandbox(new byte[16])) {
            assertThatThrownBy(() -> sandbox.wire(ADD, ASSIGNMENT))
                    .isInstanceOfSatisfying(
                            CniFailure.class,
                            failure -> assertThat(failure.code()).isEqualTo(code));
        }
    }

    @Test
    void a_wiring_whose_outcome_nobody_knows_is_no_failure_that_frees_the_address()
            throws CniFailure, InterruptedException {
        kernel.refuses.add("wire");
        kernel.refusal = NetworkFailure.Kind.OUTCOME_UNKNOWN;

        try (PodDatapath.Sandbox sandbox = datapath.sandbox(new byte[16])) {
            assertThatThrownBy(() -> sandbox.wire(ADD, ASSIGNMENT)).isInstanceOf(PodDatapath.OutcomeUnknown.class);
        }
    }

    @Test
    void an_address_of_an_eni_that_is_gone_is_not_wired() throws CniFailure, InterruptedException {
        assertThat(datapath.eniWith(MAC)).contains(ENI);
        assertThat(datapath.eniIsGone(ENI)).contains(LINK);

        assertThat(datapath.eniWith(MAC)).isEmpty();
        try (PodDatapath.Sandbox sandbox = datapath.sandbox(new byte[16])) {
            assertThatThrownBy(() -> sandbox.wire(ADD, ASSIGNMENT)).hasMessageContaining("was never set up");
        }
        assertThat(kernel.asked).isEmpty();
    }

    @Test
    void a_del_takes_rules_and_routes_of_the_address_away_or_fails() throws CniFailure {
        datapath.unwire(ASSIGNMENT);
        assertThat(kernel.asked).containsExactly("unwire 10.0.1.21");

        kernel.refuses.add("unwire");
        assertThatThrownBy(() -> datapath.unwire(ASSIGNMENT))
                .isInstanceOf(CniFailure.class)
                .hasMessageContaining("10.0.1.21 could not be deleted");
    }
}
