package io.vpceni.ipamd.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckAndGcReaderTest {
    private static final String RESULT = """
            {"cniVersion": "1.0.0",
             "interfaces": [{"name": "eni12", "mac": "02:00:00:00:00:01"},
                            {"name": "eth0", "mac": "02:00:00:00:00:02", "sandbox": "/run/netns/c"},
                            {"name": "net1", "sandbox": "/run/netns/c"}],
             "ips": [{"interface": 1, "address": "10.0.1.5/32", "gateway": "169.254.1.1"},
                     {"interface": 2, "address": "192.168.0.7/24"}],
             "routes": [{"dst": "10.0.0.0/8"}, {"dst": "0.0.0.0/0", "gw": "169.254.1.1"}]}""";

    private final CniRequestReader reader = new CniRequestReader();

    @Test
    void aCheckKnowsTheAddressOfItsOwnInterfaceAndWhetherItHasTheDefaultRoute() throws CniFailure {
        assertThat(read("CHECK", "1.0.0", ",\"prevResult\":" + RESULT))
                .isEqualTo(new CniCommand.Check(
                        CniVersion.V1_0_0,
                        new AttachmentKey("vpc-eni", "c", "eth0"),
                        new PodName("shop", "web-0"),
                        "/run/netns/c",
                        Set.of(InetAddress.ofLiteral("10.0.1.5")),
                        true));
    }

    @Test
    void anAddressWithoutAnInterfaceCountsAndADefaultRouteByAnotherGatewayIsNotOurs() throws CniFailure {
        CniCommand check = read(
                "CHECK",
                "0.4.0",
                ",\"prevResult\":{\"ips\":[{\"version\":\"4\",\"address\":\"10.0.1.5/32\"}],"
                        + "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"192.168.0.1\"}]}");

        assertThat(check).isInstanceOfSatisfying(CniCommand.Check.class, read -> {
            assertThat(read.addresses()).containsExactly(InetAddress.ofLiteral("10.0.1.5"));
            assertThat(read.defaultRoute()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                              | has no prevResult
            ,"prevResult":null                              | has no prevResult
            ,"prevResult":[]                                | has no prevResult
            ,"prevResult":{}                                | has no address of the interface 'eth0'
            ,"prevResult":{"ips":[{"address":"10.0.1/32"}]} | prevResult has the address '10.0.1/32'
            ,"prevResult":{"ips":[{"address":7}]}           | prevResult has the address '7'
            """)
    void aCheckWithoutAUsableResultIsRefused(String members, String text) {
        CniFailure failure = failure("CHECK", "1.0.0", members);

        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_CONFIGURATION);
        assertThat(failure).hasMessageContaining(text);
    }

    @Test
    void aVerbThatTheVersionDoesNotHaveIsRefused() {
        assertThat(failure("CHECK", "0.3.1", ",\"prevResult\":" + RESULT).code())
                .isEqualTo(CniErrorCode.INCOMPATIBLE_VERSION);
        assertThat(failure("GC", "1.0.0", ",\"cni.dev/valid-attachments\":[]").code())
                .isEqualTo(CniErrorCode.INCOMPATIBLE_VERSION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"cni.dev/valid-attachments\":null",
                ",\"cni.dev/attachments\":null",
                ",\"cni.dev/valid-attachments\":null,\"cni.dev/attachments\":null"
            })
    void aGcWithoutAListSaysNothing(String members) throws CniFailure {
        assertThat(read("GC", "1.1.0", members))
                .isEqualTo(new CniCommand.CollectGarbage(CniVersion.V1_1_0, "vpc-eni", Optional.empty()));
    }

    @Test
    void anEmptyListSaysThatThereIsNothing() throws CniFailure {
        assertThat(read("GC", "1.1.0", ",\"cni.dev/valid-attachments\":[]"))
                .isEqualTo(new CniCommand.CollectGarbage(CniVersion.V1_1_0, "vpc-eni", Optional.of(Set.of())));
    }

    @Test
    void whatEitherListNamesIsValid() throws CniFailure {
        assertThat(read(
                        "GC",
                        "1.1.0",
                        ",\"cni.dev/valid-attachments\":[{\"containerID\":\"a\",\"ifname\":\"eth0\",\"more\":1}],"
                                + "\"cni.dev/attachments\":[{\"containerID\":\"b\",\"ifname\":\"net1\"}]"))
                .isEqualTo(new CniCommand.CollectGarbage(
                        CniVersion.V1_1_0,
                        "vpc-eni",
                        Optional.of(Set.of(
                                new AttachmentKey("vpc-eni", "a", "eth0"),
                                new AttachmentKey("vpc-eni", "b", "net1")))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "\"a\"",
                "7",
                "[7]",
                "[null]",
                "[{}]",
                "[{\"containerID\":\"a\"}]",
                "[{\"containerID\":\"a\",\"ifname\":7}]"
            })
    void aListThatCannotBeUnderstoodTakesNothingAway(String list) {
        CniFailure failure = failure("GC", "1.1.0", ",\"cni.dev/valid-attachments\":" + list);

        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_CONFIGURATION);
        assertThat(failure).hasMessageContaining("nothing was taken away");
    }

    private CniFailure failure(String command, String version, String members) {
        return catchThrowableOfType(CniFailure.class, () -> read(command, version, members));
    }

    private CniCommand read(String command, String version, String members) throws CniFailure {
        Map<String, String> environment = new HashMap<>(Map.of(
                "CNI_COMMAND", command,
                "CNI_CONTAINERID", "c",
                "CNI_IFNAME", "eth0",
                "CNI_NETNS", "/run/netns/c",
                "CNI_ARGS", "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0"));
        String configuration =
                "{\"cniVersion\":\"" + version + "\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\"" + members + "}";
        return reader.read(environment, configuration.getBytes(UTF_8));
    }
}
