package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @Test
    void poolDefaults() throws SettingsException {
        assertThat(Settings.from(Map.of()).pool())
                .isEqualTo(
                        new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 1, 0, PolicyName.AWS));
    }

    @Test
    void poolMapping() throws SettingsException {
        Map<String, String> environment = Map.of(
                "WARM_ENI_TARGET", "2",
                "WARM_IP_TARGET", "3",
                "MINIMUM_IP_TARGET", "4",
                "MAX_ENI", "5",
                "IP_COOLDOWN_PERIOD", "6",
                "ENABLE_PREFIX_DELEGATION", "true",
                "WARM_PREFIX_TARGET", "7",
                "VPC_ENI_MAX_PODS", "110",
                "VPC_ENI_POLICY", "demand");

        assertThat(Settings.from(environment).pool())
                .isEqualTo(new PoolSettings(
                        2, 3, 4, 5, Duration.ofSeconds(6), PoolMode.PREFIXES, 7, 110, PolicyName.DEMAND));
    }

    @Test
    void networkDefaults() throws SettingsException {
        assertThat(Settings.from(Map.of()).network())
                .isEqualTo(new NetworkSettings("eni", 9001, 9001, false, List.of(), RandomizeSnat.PRNG, 0x80, true));
    }

    @Test
    void networkMapping() throws SettingsException {
        Map<String, String> environment = Map.of(
                "AWS_VPC_K8S_CNI_VETHPREFIX", "pod",
                "AWS_VPC_ENI_MTU", "8500",
                "POD_MTU", "1500",
                "AWS_VPC_K8S_CNI_EXTERNALSNAT", "true",
                "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS", "192.168.4.9/24, 10.8.0.0/16,10.8.3.0/16",
                "AWS_VPC_K8S_CNI_RANDOMIZESNAT", "hashrandom",
                "AWS_VPC_K8S_CNI_CONNMARK", "0xffffffff",
                "AWS_VPC_CNI_NODE_PORT_SUPPORT", "F",
                "VPC_ENI_POD_SOURCE_CHECK", "false");

        assertThat(Settings.from(environment).network())
                .isEqualTo(new NetworkSettings(
                        "pod",
                        8500,
                        1500,
                        true,
                        List.of(Cidr.parse("10.8.0.0/16"), Cidr.parse("192.168.4.0/24")),
                        RandomizeSnat.HASHRANDOM,
                        0xffff_ffff,
                        false,
                        false));
    }

    @Test
    void podMtuFollowsTheEniMtu() throws SettingsException {
        assertThat(Settings.from(Map.of("AWS_VPC_ENI_MTU", "1500")).network().podMtu())
                .isEqualTo(1500);
    }

    @Test
    void eniDefaultsAndMapping() throws SettingsException {
        assertThat(Settings.from(Map.of()).eni()).isEqualTo(EniSettings.defaults());
        assertThat(Settings.from(Map.of("CLUSTER_NAME", "shop.example")).eni())
                .isEqualTo(EniSettings.of(new ClusterName("shop.example")));
    }

    @Test
    void theShareOfTheApiBucketsIsAPercentage() throws SettingsException {
        assertThat(Settings.from(Map.of()).eni().ec2Share()).isEqualTo(1);
        assertThat(Settings.from(Map.of("VPC_ENI_EC2_SHARE", "50")).eni().ec2Share())
                .isEqualTo(0.5);
        assertThat(Settings.from(Map.of("VPC_ENI_EC2_SHARE", "0.02")).eni().ec2Share())
                .isEqualTo(0.0002);
    }

    @Test
    void whereEnisComeFrom() throws SettingsException {
        Map<String, String> environment = Map.of(
                "ADDITIONAL_ENI_TAGS", " {\"team\" : \"n\\u0065t\\n\",\n\"cost-centre\": \"\"} ",
                "ENABLE_SUBNET_DISCOVERY", "false",
                "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "true",
                "VPC_ENI_ENI_CONFIG_FILE", "/etc/zones.json",
                "MANAGE_UNTAGGED_ENI", "false",
                "DISABLE_LEAKED_ENI_CLEANUP", "true");
        SequencedMap<String, String> tags = new LinkedHashMap<>();
        tags.put("team", "net\n");
        tags.put("cost-centre", "");

        assertThat(Settings.from(environment).eni())
                .isEqualTo(new EniSettings(
                        Optional.empty(),
                        tags,
                        false,
                        true,
                        Path.of("/etc/zones.json"),
                        false,
                        false,
                        Provisioning.ON,
                        1));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            false, false, ON
            true,  false, OFF
            false, true,  IMDS_ONLY
            true,  true,  IMDS_ONLY
            """)
    void imdsOnlyMeansThatNothingIsChanged(String off, String imdsOnly, Provisioning provisioning)
            throws SettingsException {
        Map<String, String> environment =
                Map.of("DISABLE_NETWORK_RESOURCE_PROVISIONING", off, "ENABLE_IMDS_ONLY_MODE", imdsOnly);

        Settings settings = Settings.from(environment);

        assertThat(settings.eni().provisioning()).isEqualTo(provisioning);
        assertThat(settings.pool().fixed()).isEqualTo(provisioning != Provisioning.ON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "team=net",
                "[]",
                "{\"a\": 1}",
                "{\"a\": null}",
                "{\"a\": \"b\"",
                "{\"a\": \"b\"} x",
                "{\"a\": \"b\", \"a\": \"c\"}",
                "{\"\": \"b\"}",
                "{\"a\": \"b\",}",
                "{\"a\" \"b\"}",
                "{\"a\": \"b",
                "{\"a\": \"\\x\"}",
                "{\"a\": \"\\u00g0\"}",
                "{\"aws:a\": \"b\"}",
                "{\"node.k8s.amazonaws.com/instance_id\": \"i-2\"}"
            })
    void tagsThatEc2WouldNotTakeOrThatAreOursAreRefused(String text) {
        assertThat(problemsOf(Map.of("ADDITIONAL_ENI_TAGS", text)))
                .containsExactly("ADDITIONAL_ENI_TAGS='" + text + "': want a JSON object of at most 40 strings; no key"
                        + " with k8s.amazonaws.com in it or aws: before it");
    }

    @Test
    void daemonDefaults() throws SettingsException {
        assertThat(Settings.from(Map.of()).daemon())
                .isEqualTo(new DaemonSettings(
                        Path.of("/run/vpc-eni/ipamd.sock"),
                        Path.of("/run/vpc-eni/ipamd.sock"),
                        Path.of("/host/etc/cni/net.d"),
                        Path.of("/var/lib/vpc-eni"),
                        Path.of("/run/vpc-eni/pool.journal"),
                        Path.of("/var/run/aws-node/ipam.json"),
                        new InetSocketAddress(61678),
                        false,
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 61679),
                        false,
                        "",
                        LogFormat.JSON,
                        LogLevel.INFO,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60)));
    }

    @Test
    void daemonMapping() throws SettingsException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("VPC_ENI_SOCKET", "/run/a.sock");
        environment.put("VPC_ENI_HOST_SOCKET", "/host/run/a.sock");
        environment.put("HOST_CNI_CONFDIR_PATH", "/etc/cni/net.d");
        environment.put("VPC_ENI_STATE_DIRECTORY", "/var/lib/x");
        environment.put("VPC_ENI_JOURNAL", "/var/lib/x/journal");
        environment.put("AWS_VPC_K8S_CNI_BACKING_STORE", "/var/lib/x/ipam.json");
        environment.put("VPC_ENI_METRICS_BIND_ADDRESS", "[::1]:9000");
        environment.put("DISABLE_METRICS", "1");
        environment.put("INTROSPECTION_BIND_ADDRESS", "0.0.0.0:9001");
        environment.put("DISABLE_INTROSPECTION", "true");
        environment.put("MY_NODE_NAME", "ip-10-0-0-1.ec2.internal");
        environment.put("VPC_ENI_LOG_FORMAT", "text");
        environment.put("AWS_VPC_K8S_CNI_LOGLEVEL", "Fatal");
        environment.put("VPC_ENI_ADD_WAIT_SECONDS", "1");
        environment.put("VPC_ENI_IPAMD_WAIT_SECONDS", "100");

        assertThat(Settings.from(environment).daemon())
                .isEqualTo(new DaemonSettings(
                        Path.of("/run/a.sock"),
                        Path.of("/host/run/a.sock"),
                        Path.of("/etc/cni/net.d"),
                        Path.of("/var/lib/x"),
                        Path.of("/var/lib/x/journal"),
                        Path.of("/var/lib/x/ipam.json"),
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 9000),
                        true,
                        new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 9001),
                        true,
                        "ip-10-0-0-1.ec2.internal",
                        LogFormat.TEXT,
                        LogLevel.ERROR,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(100)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            WARM_ENI_TARGET                    | 101            | want 0 to 100
            WARM_IP_TARGET                     | abc            | want 0 to 1000
            WARM_IP_TARGET                     | ' 5'           | want 0 to 1000
            MINIMUM_IP_TARGET                  | -1             | want 0 to 1000
            MINIMUM_IP_TARGET                  | 99999999999999 | want 0 to 1000
            MAX_ENI                            | -2             | want -1 to 100
            IP_COOLDOWN_PERIOD                 | 30s            | want 0 to 3600 seconds
            AWS_VPC_K8S_CNI_VETHPREFIX         | vlan           | want 1 to 4 letters, digits, '_' or '-', but not eth, lo or vlan
            AWS_VPC_K8S_CNI_VETHPREFIX         | abcde          | want 1 to 4 letters, digits, '_' or '-', but not eth, lo or vlan
            AWS_VPC_ENI_MTU                    | 575            | want 576 to 9001
            POD_MTU                            | 9002           | want 576 to 9001, at most AWS_VPC_ENI_MTU
            AWS_VPC_K8S_CNI_EXTERNALSNAT       | yes            | want true or false
            AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS | 10.0.0.0/8,x   | want IPv4 blocks joined by commas, as in 10.8.0.0/16,192.168.4.0/24
            AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS | fd00::/8       | want IPv4 blocks joined by commas, as in 10.8.0.0/16,192.168.4.0/24
            AWS_VPC_K8S_CNI_RANDOMIZESNAT      | PRNG           | want prng, hashrandom or none
            AWS_VPC_K8S_CNI_CONNMARK           | 0              | want an integer literal from 1 to 0xffffffff
            AWS_VPC_K8S_CNI_CONNMARK           | 4294967296     | want an integer literal from 1 to 0xffffffff
            AWS_VPC_K8S_CNI_CONNMARK           | 09             | want an integer literal from 1 to 0xffffffff
            CLUSTER_NAME                       | a/b            | want up to 100 letters, digits, '.', '_' or '-'
            VPC_ENI_EC2_SHARE                  | 0              | want 0.01 to 100 percent
            VPC_ENI_EC2_SHARE                  | 100.5          | want 0.01 to 100 percent
            MY_NODE_NAME                       | Node           | want a node name: up to 253 lower-case letters, digits, '.' or '-'
            HOST_CNI_CONFDIR_PATH              | net.d          | want an absolute path
            AWS_VPC_K8S_CNI_LOGLEVEL           | loud           | want debug, info, warn, error or fatal, in either case
            INTROSPECTION_BIND_ADDRESS         | localhost:1    | want an address literal and a port, as in 127.0.0.1:8080, [::1]:8080 or :8080
            INTROSPECTION_BIND_ADDRESS         | ::1:80         | want an address literal and a port, as in 127.0.0.1:8080, [::1]:8080 or :8080
            VPC_ENI_METRICS_BIND_ADDRESS       | :0             | want an address literal and a port, as in 127.0.0.1:8080, [::1]:8080 or :8080
            VPC_ENI_SOCKET                     | /              | want an absolute path of at most 107 bytes
            VPC_ENI_LOG_FORMAT                 | xml            | want json or text
            VPC_ENI_ADD_WAIT_SECONDS           | 0              | want 1 to 100 seconds
            VPC_ENI_ADD_WAIT_SECONDS           | 101            | want 1 to 100 seconds
            VPC_ENI_IPAMD_WAIT_SECONDS         | 101            | want 1 to 100 seconds
            VPC_ENI_IPAMD_WAIT_SECONDS         | 1.5            | want 1 to 100 seconds
            VPC_ENI_COLOUR                     | red            | unknown setting
            VPC_ENI_MAXPODS                    | 20             | unknown setting: did you mean VPC_ENI_MAX_PODS?
            ENABLE_PREFIX_DELEGATION           | yes            | want true or false
            WARM_PREFIX_TARGET                 | 1001           | want 0 to 1000
            VPC_ENI_MAX_PODS                   | -1             | want 0 to 100000
            VPC_ENI_POLICY                     | AWS            | want aws, demand, cilium or azure
            ENABLE_IPv6                        | true           | not supported by this version: want false
            ENABLE_IPv6                        | maybe          | not supported by this version: want false
            ENABLE_IPv4                        | false          | not supported by this version: want true
            NETWORK_POLICY_ENFORCING_MODE      | Strict         | not supported by this version: want none or standard
            """)
    void refusedValues(String name, String value, String complaint) {
        assertThat(problemsOf(Map.of(name, value))).containsExactly(name + "='" + value + "': " + complaint);
    }

    @Test
    void podMtuAboveTheEniMtuIsAProblem() {
        assertThat(problemsOf(Map.of("AWS_VPC_ENI_MTU", "1500", "POD_MTU", "9001")))
                .containsExactly("POD_MTU='9001': want at most AWS_VPC_ENI_MTU, which is 1500");
    }

    @Test
    void allProblemsComeAtOnceInTheOrderOfTheTable() {
        assertThat(problemsOf(Map.of("POD_MTU", "x", "WARM_IP_TARGET", "abc", "ENABLE_POD_ENI", "true")))
                .containsExactly(
                        "WARM_IP_TARGET='abc': want 0 to 1000",
                        "POD_MTU='x': want 576 to 9001, at most AWS_VPC_ENI_MTU",
                        "ENABLE_POD_ENI='true': not supported by this version: want false");
    }

    @Test
    void aSettingThatIsEmptyIsUnset() throws SettingsException {
        Map<String, String> environment =
                Map.of("WARM_IP_TARGET", "", "AWS_VPC_K8S_CNI_VETHPREFIX", "", "ENABLE_IPv6", "", "HTTP_TIMEOUT", "");

        assertThat(Settings.from(environment)).isEqualTo(Settings.from(Map.of()));
    }

    @Test
    void whatHasNoEffectIsNamedInOneLine() throws SettingsException {
        Map<String, String> environment = Map.of(
                "ENI_CONFIG_LABEL_DEF", "x", "ADDITIONAL_ENI_TAGS", "{}", "HTTP_TIMEOUT", "20", "ENABLE_IPv4", "true");

        assertThat(Settings.from(environment).warnings())
                .containsExactly("Settings of the AWS VPC CNI that have no effect in this version:"
                        + " ENI_CONFIG_LABEL_DEF, HTTP_TIMEOUT");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            WARM_IP_TARGT                | WARM_IP_TARGET
            WARM_IPTARGET                | WARM_IP_TARGET
            MINIMUM_IP_TRAGET            | MINIMUM_IP_TARGET
            MAX_ENIS                     | MAX_ENI
            WARM_ENI_TARGETS             | WARM_ENI_TARGET
            AWS_VPC_K8S_CNI_EXTERNAL_SNAT | AWS_VPC_K8S_CNI_EXTERNALSNAT
            AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDR | AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS
            ENABLE_IPV6                  | ENABLE_IPv6
            ENABLE_POD_ENIS              | ENABLE_POD_ENI
            warm_ip_target               | WARM_IP_TARGET
            """, delimiter = '|')
    void aMisspeltNameIsNamedWithTheOneItIsNearTo(String name, String meant) throws SettingsException {
        assertThat(Settings.from(Map.of(name, "3")).warnings())
                .containsExactly(name + "='3' is no setting and has no effect: did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MY_POD_NAME", "VPC_ID", "HOSTNAME", "PATH", "AWS_REGION", "POD_IP", "ENI_CONFIG_LABEL"})
    void aNameOfSomebodyElseIsLeftAlone(String name) throws SettingsException {
        assertThat(Settings.from(Map.of(name, "3")).warnings()).isEmpty();
    }

    @Test
    void whatKubernetesSetsForAServiceIsNoSetting() throws SettingsException {
        Map<String, String> environment = Map.of(
                "VPC_ENI_METRICS_SERVICE_HOST", "10.0.0.1",
                "VPC_ENI_METRICS_SERVICE_PORT_HTTP", "80",
                "VPC_ENI_METRICS_PORT", "tcp://10.0.0.1:80",
                "VPC_ENI_METRICS_PORT_80_TCP_ADDR", "10.0.0.1");

        assertThat(Settings.from(environment).warnings()).isEmpty();
    }

    @Test
    void aNoAnswerToMaxEniIsNoBound() throws SettingsException {
        assertThat(Settings.from(Map.of("MAX_ENI", "-1")).pool().maxEni()).isZero();
    }

    @Test
    void anIllValueIsShownOnOneLineAndCut() {
        assertThat(problemsOf(Map.of("VPC_ENI_LOG_FORMAT", "a\nb" + "c".repeat(500))))
                .containsExactly("VPC_ENI_LOG_FORMAT='a?b" + "c".repeat(117) + "...': want json or text");
    }

    private static List<String> problemsOf(Map<String, String> environment) {
        SettingsException refused = catchThrowableOfType(SettingsException.class, () -> Settings.from(environment));
        assertThat(refused).as("refusal of %s", environment).isNotNull();
        return refused.problems();
    }
}
