package io.vpceni.ipamd.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.network.DefaultRoute;
import io.vpceni.network.PodSources;
import io.vpceni.network.PodWiring;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniRequestReaderTest {
    private static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\"}";

    private final CniRequestReader reader = new CniRequestReader();

    @Test
    void readsAnAdd() throws CniFailure {
        Map<String, String> environment = anAdd();
        environment.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart-0");

        CniCommand command = reader.read(environment, CONFIGURATION.getBytes(UTF_8));

        assertThat(command)
                .isEqualTo(new CniCommand.Add(
                        CniVersion.V1_0_0,
                        new AttachmentKey("vpc-eni", "c0ffee", "eth0"),
                        new PodName("shop", "cart-0"),
                        "/run/netns/c0ffee",
                        DefaultRoute.IF_NONE));
    }

    @Test
    void readsWhetherAnInterfaceIsToHaveTheDefaultRoute() throws CniFailure {
        Map<String, DefaultRoute> asked =
                Map.of("true", DefaultRoute.ALWAYS, "false", DefaultRoute.NEVER, "null", DefaultRoute.IF_NONE);

        for (Map.Entry<String, DefaultRoute> each : asked.entrySet()) {
            String configuration = CONFIGURATION.replace("}", ",\"defaultRoute\":" + each.getKey() + "}");
            assertThat(reader.read(anAdd(), configuration.getBytes(UTF_8)))
                    .isInstanceOfSatisfying(
                            CniCommand.Add.class,
                            add -> assertThat(add.defaultRoute()).isEqualTo(each.getValue()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "1", "{}", "[]"})
    void aDefaultRouteThatIsNoBooleanIsRefusedRatherThanGuessed(String value) {
        CniFailure failure = failure(anAdd(), CONFIGURATION.replace("}", ",\"defaultRoute\":" + value + "}"));

        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_CONFIGURATION);
        assertThat(failure).hasMessageContaining("\"defaultRoute\": " + value + ": want true, false, or nothing");
    }

    /// The default, the two ways out, and what a pod's own annotations can set by a meta plugin.
    @ParameterizedTest(name = "{0} and CNI_ARGS={1}: {2}")
    @CsvSource(useHeadersInDisplayName = true, delimiter = '|', textBlock = """
            configuration                                      | CNI_ARGS                         | sources
            "cniVersion":"1.0.0"                               | IgnoreUnknown=1                  | OWN
            "podSourceCheck":true                              | VPC_ENI_POD_SOURCE_CHECK=true    | OWN
            "podSourceCheck":false                             | IgnoreUnknown=1                  | ANY
            "cniVersion":"1.0.0"                               | VPC_ENI_POD_SOURCE_CHECK=false   | ANY
            "args":{"cni":{"podSourceCheck":false}}            | IgnoreUnknown=1                  | OWN
            "runtimeConfig":{"podSourceCheck":false}           | IgnoreUnknown=1                  | OWN
            """)
    void aPodThatRoutesForOthersIsNamedByWhoConfiguresNetworks(String key, String arguments, PodSources sources)
            throws CniFailure {
        Map<String, String> environment = anAdd();
        environment.put("CNI_ARGS", arguments);

        CniCommand command = reader.read(
                environment,
                CONFIGURATION.replace("\"type\"", key + ",\"type\"").getBytes(UTF_8));

        assertThat(((CniCommand.Add) command).sources()).isEqualTo(sources);
    }

    @Test
    void aSourceCheckThatIsNeitherTrueNorFalseIsRefused() {
        Map<String, String> environment = anAdd();
        environment.put("CNI_ARGS", "VPC_ENI_POD_SOURCE_CHECK=no");

        assertThat(failure(anAdd(), CONFIGURATION.replace("\"type\"", "\"podSourceCheck\":\"no\",\"type\"")))
                .hasMessageContaining("podSourceCheck");
        assertThat(failure(environment, CONFIGURATION)).hasMessageContaining("VPC_ENI_POD_SOURCE_CHECK='no'");
    }

    @Test
    void readsADelWithoutNetns() throws CniFailure {
        Map<String, String> environment = anAdd();
        environment.put("CNI_COMMAND", "DEL");
        environment.remove("CNI_NETNS");

        CniCommand command = reader.read(environment, CONFIGURATION.getBytes(UTF_8));

        assertThat(command)
                .isEqualTo(new CniCommand.Del(CniVersion.V1_0_0, new AttachmentKey("vpc-eni", "c0ffee", "eth0")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"vpc-eni\"}",
                "{\"name\":\"vpc-eni\",\"cniVersion\":\"0.3.0\"}",
                "{\"name\":\"vpc-eni\",\"cniVersion\":\"9.9.9\"}",
                "{\"name\":\"vpc-eni\",\"cniVersion\":\"\"}",
                "{\"name\":\"vpc-eni\",\"cniVersion\":7}",
                "{\"name\":\"vpc-eni\",\"cniVersion\":null}"
            })
    void aDelNeedsNoVersion(String configuration) throws CniFailure {
        assertThat(reader.read(aDel(), configuration.getBytes(UTF_8)))
                .isEqualTo(new CniCommand.Del(CniVersion.V1_0_0, new AttachmentKey("vpc-eni", "c0ffee", "eth0")));
    }

    /// Such an ADD is refused, so there is nothing to undo; and a DEL that fails keeps its sandbox for ever.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "CNI_CONTAINERID,a b,CNI_CONTAINERID='a b'",
                "CNI_IFNAME,eth:0,CNI_IFNAME='eth:0'",
                "CNI_IFNAME,sixteen-letters-,CNI_IFNAME='sixteen-letters-'",
                "name,{\"name\":7},want a string",
                "name,{},name is missing"
            })
    void aDelOfAKeyThatNoAddTakesHasNothingToUndo(String what, String value, String why) throws CniFailure {
        Map<String, String> environment = aDel();
        String configuration = what.equals("name") ? value : CONFIGURATION;
        environment.put(what, value);

        assertThat(reader.read(environment, configuration.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        CniCommand.NothingToUndo.class,
                        nothing -> assertThat(nothing.why()).contains(why));
    }

    @Test
    void aDelNeedsContainerIdAndInterfaceName() {
        CniFailure failure = failure(new HashMap<>(Map.of("CNI_COMMAND", "DEL")), CONFIGURATION);

        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT);
        assertThat(failure).hasMessageContainingAll("CNI_CONTAINERID is missing", "CNI_IFNAME is missing");
    }

    /// What is taken can be wired: [PodWiring] throws for what does not fit.
    @Test
    void aContainerIdMayBeAsLongAsALinksAliasHoldsIt() throws CniFailure {
        int room = PodWiring.KEY_LENGTH_MAX - "vpc-eni".length() - "eth0".length();
        Map<String, String> environment = anAdd();
        environment.put("CNI_CONTAINERID", "c".repeat(room));
        CniCommand.Add add = (CniCommand.Add) reader.read(environment, CONFIGURATION.getBytes(UTF_8));
        AttachmentKey key = add.key();
        assertThat(new PodWiring(key, PodName.UNKNOWN, InetAddress.ofLiteral("10.0.0.1"), DeviceSlot.PRIMARY))
                .isNotNull();

        environment.put("CNI_CONTAINERID", "c".repeat(room + 1));
        CniFailure failure = failure(environment, CONFIGURATION);
        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT);
        assertThat(failure)
                .hasMessageContaining(
                        "CNI_CONTAINERID has " + (room + 1) + " characters: want at most " + room + ", because");

        environment.put("CNI_COMMAND", "DEL");
        assertThat(reader.read(environment, CONFIGURATION.getBytes(UTF_8)))
                .isInstanceOf(CniCommand.NothingToUndo.class);
    }

    @Test
    void aNetworkNameLeavesRoomForTheRestOfTheKey() throws CniFailure {
        Map<String, String> environment = anAdd();
        environment.put("CNI_CONTAINERID", "c".repeat(64));
        environment.put("CNI_IFNAME", "fifteen-letters");
        int room = PodWiring.KEY_LENGTH_MAX - 64 - 15;

        assertThat(reader.read(environment, named("n".repeat(room)).getBytes(UTF_8)))
                .isInstanceOf(CniCommand.Add.class);
        CniFailure failure = failure(environment, named("n".repeat(room + 1)));
        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_CONFIGURATION);
        assertThat(failure).hasMessageContaining("has " + (room + 1) + " characters: want at most " + room);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", ".a", "_a", "a/b", "a b", "ä", "a\n"})
    void refusesWhatIsNoContainerId(String id) {
        Map<String, String> environment = anAdd();
        environment.put("CNI_CONTAINERID", id);

        assertThat(failure(environment, CONFIGURATION)).hasMessageContaining("CNI_CONTAINERID='" + id + "'");
    }

    @Test
    void namesAllWrongVariablesAtOnce() {
        Map<String, String> environment = anAdd();
        environment.remove("CNI_NETNS");
        environment.remove("CNI_CONTAINERID");
        environment.put("CNI_IFNAME", "a/b");

        CniFailure failure = failure(environment, CONFIGURATION);

        assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT);
        assertThat(failure).hasMessageContainingAll("CNI_NETNS", "CNI_CONTAINERID", "CNI_IFNAME='a/b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a\tb", "a/b", "ü", "sixteen-letters-", "eth:0"})
    void refusesWhatIsNoLinkName(String name) {
        Map<String, String> environment = anAdd();
        environment.put("CNI_IFNAME", name);

        assertThat(failure(environment, CONFIGURATION).code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {                                                                   | UNDECODABLE
            []                                                                  | UNDECODABLE
            ``                                                                  | UNDECODABLE
            {"name":"vpc-eni"}                                                  | INCOMPATIBLE_VERSION
            {"cniVersion":"0.2.0","name":"vpc-eni"}                             | INCOMPATIBLE_VERSION
            {"cniVersion":"1.0.0"}                                              | INVALID_CONFIGURATION
            {"cniVersion":"1.0.0","name":"-a"}                                  | INVALID_CONFIGURATION
            {"cniVersion":"1.0.0","name":"vpc-eni","prevResult":{}}             | INVALID_CONFIGURATION
            {"cniVersion":1,"name":"vpc-eni"}                                   | INVALID_CONFIGURATION
            {"cniVersion":["1.0.0"],"name":"vpc-eni"}                           | INVALID_CONFIGURATION
            {"cniVersion":"1.0.0","name":7}                                     | INVALID_CONFIGURATION
            {"cniVersion":"1.0.0","name":{"a":"b"}}                             | INVALID_CONFIGURATION
            {"cniVersion":"1.0.0","name":null}                                  | INVALID_CONFIGURATION
            """)
    void refusesAConfiguration(String configuration, CniErrorCode code) {
        assertThat(failure(anAdd(), configuration).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"'',INVALID_ENVIRONMENT", "ADDD,INVALID_ENVIRONMENT"})
    void refusesAVerb(String command, CniErrorCode code) {
        Map<String, String> environment = anAdd();
        environment.put("CNI_COMMAND", command);

        assertThat(failure(environment, CONFIGURATION).code()).isEqualTo(code);
    }

    @Test
    void anErrorIsWordedInTheVersionOfTheConfigurationOrElseInTheDefaultOne() {
        assertThat(reader.versionForErrors("{\"cniVersion\":\"0.4.0\"}".getBytes(UTF_8)))
                .isEqualTo(CniVersion.V0_4_0);
        assertThat(reader.versionForErrors("{".getBytes(UTF_8))).isEqualTo(CniVersion.V1_0_0);
    }

    private CniFailure failure(Map<String, String> environment, String configuration) {
        return catchThrowableOfType(CniFailure.class, () -> reader.read(environment, configuration.getBytes(UTF_8)));
    }

    private static String named(String network) {
        return "{\"cniVersion\":\"1.0.0\",\"name\":\"" + network + "\"}";
    }

    private static Map<String, String> aDel() {
        Map<String, String> environment = anAdd();
        environment.put("CNI_COMMAND", "DEL");
        environment.remove("CNI_NETNS");
        return environment;
    }

    private static Map<String, String> anAdd() {
        return new HashMap<>(Map.of(
                "CNI_COMMAND",
                "ADD",
                "CNI_CONTAINERID",
                "c0ffee",
                "CNI_NETNS",
                "/run/netns/c0ffee",
                "CNI_IFNAME",
                "eth0",
                "CNI_PATH",
                "/opt/cni/bin"));
    }
}
