package io.vpceni.ipamd.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.network.DefaultRoute;
import io.vpceni.network.PodSources;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.PodName;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniRequestReaderTest {
    private static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\"}";

    private final CniRequestReader reader = new CniRequestReader(new ObjectMapper());

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
        assertThat(failure).hasMessageContaining("defaultRoute", "want true, false, or nothing");
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
    @ValueSource(strings = {"", ".", "..", "a b", "sixteen-letters-", "eth:0"})
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
            """)
    void refusesAConfiguration(String configuration, CniErrorCode code) {
        assertThat(failure(anAdd(), configuration).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({"CHECK,NOT_SERVED", "GC,NOT_SERVED", "'',INVALID_ENVIRONMENT", "ADDD,INVALID_ENVIRONMENT"})
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
