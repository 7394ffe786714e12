package io.vpceni.ipamd.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class CniResultTest {
    private static final CniResult.Wired WIRED = wired(true);

    private final CniResult results = new CniResult(new ObjectMapper());

    @Test
    void aResultOfVersion1HasInterfacesAddressAndRoute() {
        assertThat(text(results.added(CniVersion.V1_0_0, WIRED))).isEqualTo("""
                {"cniVersion":"1.0.0","interfaces":[{"name":"eni0123456789a","mac":"aa:bb:cc:dd:ee:01"},\
                {"name":"eth0","mac":"aa:bb:cc:dd:ee:02","sandbox":"/run/netns/c0ffee"}],\
                "ips":[{"interface":1,"address":"10.0.1.5/32","gateway":"169.254.1.1"}],\
                "routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{}}""");
    }

    @Test
    void anInterfaceWithoutTheDefaultRouteHasNoRoute() {
        for (CniVersion version : CniVersion.values()) {
            assertThat(text(results.added(version, wired(false))))
                    .contains("\"routes\":[],", "\"gateway\":\"169.254.1.1\"");
        }
    }

    @Test
    void aResultBeforeVersion1NamesTheFamily() {
        assertThat(text(results.added(CniVersion.V0_3_1, WIRED)))
                .contains("\"cniVersion\":\"0.3.1\"", "{\"version\":\"4\",\"interface\":1,");
        assertThat(text(results.added(CniVersion.V0_4_0, WIRED))).contains("\"version\":\"4\"");
    }

    @Test
    void aResultOfVersion11HasTheMtu() {
        assertThat(text(results.added(CniVersion.V1_1_0, WIRED)))
                .contains("{\"name\":\"eth0\",\"mac\":\"aa:bb:cc:dd:ee:02\",\"mtu\":9001,\"sandbox\"");
    }

    @Test
    void anErrorHasCodeMessageAndDetails() {
        CniFailure failure = new CniFailure(CniErrorCode.TRY_AGAIN_LATER, "no address", "all 3 are cooling");

        assertThat(text(results.failed(CniVersion.V1_0_0, failure)))
                .isEqualTo("{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"no address\","
                        + "\"details\":\"all 3 are cooling\"}");
    }

    private static CniResult.Wired wired(boolean defaultRoute) {
        return new CniResult.Wired(
                "eni0123456789a",
                MacAddress.parse("aa:bb:cc:dd:ee:01"),
                "eth0",
                MacAddress.parse("aa:bb:cc:dd:ee:02"),
                "/run/netns/c0ffee",
                new EniId("eni-0123456789abcdef0"),
                InetAddress.ofLiteral("10.0.1.5"),
                InetAddress.ofLiteral("169.254.1.1"),
                9001,
                defaultRoute);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
