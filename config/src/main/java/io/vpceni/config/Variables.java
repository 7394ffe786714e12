package io.vpceni.config;

import static io.vpceni.config.NetworkSettings.MTU_MAX;
import static io.vpceni.config.NetworkSettings.MTU_MIN;
import static io.vpceni.config.PoolSettings.COOLDOWN_MAX;
import static io.vpceni.config.PoolSettings.ENI_TARGET_MAX;
import static io.vpceni.config.PoolSettings.IP_TARGET_MAX;
import static io.vpceni.config.PoolSettings.PODS_MAX;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Every known variable. docs/settings.md lists them in this order.
final class Variables {

    /// The container runtime ends an ADD after 120 seconds; the answer must arrive before.
    private static final int WAIT_SECONDS_MAX = 100;

    /// The share of one node when ten thousand start together.
    private static final double EC2_SHARE_MIN = 0.01;

    /// Filled by the declarations below, so it stands above them.
    private static final List<Variable<?>> DECLARED = new ArrayList<>();

    static final Variable<Integer> WARM_ENI_TARGET = integer(
            "WARM_ENI_TARGET",
            1,
            0,
            ENI_TARGET_MAX,
            "Keep as many addresses assignable as this many ENIs have. Ignored when WARM_IP_TARGET or "
                    + "MINIMUM_IP_TARGET is set.");
    static final Variable<Integer> WARM_IP_TARGET = integer(
            "WARM_IP_TARGET", 0, 0, IP_TARGET_MAX, "Keep this many addresses assignable; 0 is the same as unset.");
    static final Variable<Integer> MINIMUM_IP_TARGET = integer(
            "MINIMUM_IP_TARGET",
            0,
            0,
            IP_TARGET_MAX,
            "Hold at least this many addresses, assigned ones included; 0 is the same as unset.");
    static final Variable<Boolean> ENABLE_PREFIX_DELEGATION = flag(
            "ENABLE_PREFIX_DELEGATION",
            false,
            "true: prefixes of 16 addresses instead of single ones; single ones where a subnet has no prefix left.");
    static final Variable<Integer> WARM_PREFIX_TARGET = integer(
            "WARM_PREFIX_TARGET",
            1,
            0,
            IP_TARGET_MAX,
            "With prefixes: keep as many addresses assignable as this many prefixes have. Ignored when "
                    + "WARM_IP_TARGET or MINIMUM_IP_TARGET is set.");
    static final Variable<Integer> MAX_ENI = integer(
            "MAX_ENI",
            0,
            -1,
            ENI_TARGET_MAX,
            "Attach at most this many ENIs, the primary included; 0 and -1: only the instance's own "
                    + "limit counts.");
    static final Variable<Duration> IP_COOLDOWN_PERIOD = seconds(
            "IP_COOLDOWN_PERIOD",
            30,
            0,
            (int) COOLDOWN_MAX.toSeconds(),
            "How long a released address cools down before another pod may get it.");
    static final Variable<Integer> VPC_ENI_MAX_PODS = integer(
            "VPC_ENI_MAX_PODS", 0, 0, PODS_MAX, "Never hold more addresses for pods than this; 0 means no limit.");
    static final Variable<PolicyName> VPC_ENI_POLICY = declared(new Variable<>(
            "VPC_ENI_POLICY",
            "aws",
            "aws, demand, cilium or azure",
            "The policy that decides how many addresses are held; aws: by the warm targets. See " + "docs/policies.md.",
            text -> Texts.constant(PolicyName.values(), text)));
    static final Variable<String> AWS_VPC_K8S_CNI_VETHPREFIX = declared(new Variable<>(
            "AWS_VPC_K8S_CNI_VETHPREFIX",
            "eni",
            "1 to 4 letters, digits, '_' or '-', but not eth, lo or vlan",
            "First characters of the host links' names. 11 hex digits of a SHA-1 follow: of "
                    + "`namespace.pod`, as in the AWS VPC CNI, or of the CNI key while that name is taken.",
            text -> Texts.matching(
                    text,
                    prefix -> prefix.matches("[A-Za-z0-9_-]{1,4}")
                            && !Set.of("eth", "lo", "vlan").contains(prefix))));
    static final Variable<Integer> AWS_VPC_ENI_MTU =
            integer("AWS_VPC_ENI_MTU", MTU_MAX, MTU_MIN, MTU_MAX, "MTU of each ENI's link, in bytes.");
    static final Variable<Integer> POD_MTU = declared(new Variable<>(
            "POD_MTU",
            "as AWS_VPC_ENI_MTU",
            MTU_MIN + " to " + MTU_MAX + ", at most AWS_VPC_ENI_MTU",
            "MTU of each pod's link, in bytes.",
            text -> Texts.integer(text, MTU_MIN, MTU_MAX)));
    static final Variable<Boolean> AWS_VPC_K8S_CNI_EXTERNALSNAT = flag(
            "AWS_VPC_K8S_CNI_EXTERNALSNAT", false, "true: the node does no SNAT, because something outside it does.");
    static final Variable<List<Cidr>> AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS = declared(new Variable<>(
            "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS",
            "",
            "IPv4 blocks joined by commas, as in 10.8.0.0/16,192.168.4.0/24",
            "Destinations, besides the VPC's own blocks, that see the pod's own address.",
            Texts::ipv4Cidrs));
    static final Variable<RandomizeSnat> AWS_VPC_K8S_CNI_RANDOMIZESNAT = declared(new Variable<>(
            "AWS_VPC_K8S_CNI_RANDOMIZESNAT",
            "prng",
            "prng, hashrandom or none",
            "How SNAT chooses the source port of a connection.",
            text -> Texts.constant(RandomizeSnat.values(), text)));
    static final Variable<Integer> AWS_VPC_K8S_CNI_CONNMARK = declared(new Variable<>(
            "AWS_VPC_K8S_CNI_CONNMARK",
            "0x80",
            "an integer literal from 1 to 0xffffffff",
            "Mark of connections whose packets leave by the primary ENI.",
            Texts::mark));
    static final Variable<Boolean> AWS_VPC_CNI_NODE_PORT_SUPPORT = flag(
            "AWS_VPC_CNI_NODE_PORT_SUPPORT", true, "Whether answers of NodePort connections leave by the primary ENI.");
    static final Variable<Boolean> VPC_ENI_POD_SOURCE_CHECK = flag(
            "VPC_ENI_POD_SOURCE_CHECK",
            true,
            "Whether the node drops packets of a pod whose source is not the pod's address. How to "
                    + "exempt single pods: docs/security.md.");
    static final Variable<String> CLUSTER_NAME = declared(new Variable<>(
            "CLUSTER_NAME",
            "",
            "up to 100 letters, digits, '.', '_' or '-'",
            "Name of the cluster in the ENIs' cluster tags; unset: no cluster tags.",
            text -> Texts.matching(text, name -> name.matches("[A-Za-z0-9._-]{0,100}"))));
    static final Variable<SequencedMap<String, String>> ADDITIONAL_ENI_TAGS = declared(new Variable<>(
            "ADDITIONAL_ENI_TAGS",
            "{}",
            "a JSON object of at most 40 strings; no key with k8s.amazonaws.com in it or aws: before it",
            "Further tags of this node's ENIs.",
            TagTexts::tags));
    static final Variable<Boolean> ENABLE_SUBNET_DISCOVERY = flag(
            "ENABLE_SUBNET_DISCOVERY",
            true,
            "true: new ENIs may also be created in other subnets of the zone, chosen by their tags; "
                    + "see docs/enis.md.");
    static final Variable<Boolean> AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG = flag(
            "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG",
            false,
            "true: subnet and security groups of new ENIs come from VPC_ENI_ENI_CONFIG_FILE; the "
                    + "primary ENI carries no pods.");
    static final Variable<Path> VPC_ENI_ENI_CONFIG_FILE = directory(
            "VPC_ENI_ENI_CONFIG_FILE",
            "/etc/vpc-eni/zones.json",
            "File with the subnet and security groups of each availability zone; read again when it " + "changes.");
    static final Variable<Boolean> MANAGE_UNTAGGED_ENI = flag(
            "MANAGE_UNTAGGED_ENI",
            true,
            "false: of the attached ENIs, only the primary one and those with this instance's tag are used for pods.");
    static final Variable<Boolean> DISABLE_LEAKED_ENI_CLEANUP = flag(
            "DISABLE_LEAKED_ENI_CLEANUP",
            false,
            "true: unattached ENIs of the cluster's other nodes are not deleted; this node's own " + "always are.");
    static final Variable<Boolean> DISABLE_NETWORK_RESOURCE_PROVISIONING = flag(
            "DISABLE_NETWORK_RESOURCE_PROVISIONING",
            false,
            "true: ipamd changes nothing in EC2 and uses the ENIs and addresses that others attach.");
    static final Variable<Boolean> ENABLE_IMDS_ONLY_MODE = flag(
            "ENABLE_IMDS_ONLY_MODE",
            false,
            "true: as DISABLE_NETWORK_RESOURCE_PROVISIONING, and ipamd reads only IMDS, not EC2.");
    static final Variable<Double> VPC_ENI_EC2_SHARE = declared(new Variable<>(
            "VPC_ENI_EC2_SHARE",
            "100",
            "0.01 to 100 percent",
            "The part of the account's EC2 request buckets that this node may use; see " + "docs/api-budget.md.",
            text -> Texts.percent(text, EC2_SHARE_MIN)));
    static final Variable<String> MY_NODE_NAME = declared(new Variable<>(
            "MY_NODE_NAME",
            "",
            "a node name: up to 253 lower-case letters, digits, '.' or '-'",
            "This node's name in Kubernetes.",
            text -> Texts.matching(text, name -> name.matches("[a-z0-9.-]{0,253}"))));
    static final Variable<Path> HOST_CNI_CONFDIR_PATH = directory(
            "HOST_CNI_CONFDIR_PATH",
            "/host/etc/cni/net.d",
            "Directory in which ipamd writes the conflist, as ipamd sees it.");
    static final Variable<LogLevel> AWS_VPC_K8S_CNI_LOGLEVEL = declared(new Variable<>(
            "AWS_VPC_K8S_CNI_LOGLEVEL",
            "info",
            "debug, info, warn, error or fatal, in either case",
            "The least important event that is still logged; fatal is the same as error.",
            Variables::logLevel));
    static final Variable<InetSocketAddress> INTROSPECTION_BIND_ADDRESS = bindAddress(
            "INTROSPECTION_BIND_ADDRESS",
            "127.0.0.1:61679",
            "Address of introspection, /healthz and /readyz; use one that pods cannot reach.");
    static final Variable<Boolean> DISABLE_INTROSPECTION =
            flag("DISABLE_INTROSPECTION", false, "true: no introspection pages; /healthz and /readyz stay.");
    static final Variable<Boolean> DISABLE_METRICS = flag("DISABLE_METRICS", false, "true: no metrics server.");
    static final Variable<Path> VPC_ENI_SOCKET =
            socket("VPC_ENI_SOCKET", "/run/vpc-eni/ipamd.sock", "Unix socket on which ipamd serves the CNI binary.");
    static final Variable<Path> VPC_ENI_HOST_SOCKET = socket(
            "VPC_ENI_HOST_SOCKET", "as VPC_ENI_SOCKET", "The same socket as the CNI binary on the host sees it.");
    static final Variable<Path> VPC_ENI_STATE_DIRECTORY = directory(
            "VPC_ENI_STATE_DIRECTORY",
            "/var/lib/vpc-eni",
            "Directory for state that must survive a reboot: the ENI operations in progress.");
    static final Variable<Path> VPC_ENI_JOURNAL =
            directory("VPC_ENI_JOURNAL", "pool.journal beside VPC_ENI_SOCKET", "File of the pool's journal.");
    static final Variable<Path> AWS_VPC_K8S_CNI_BACKING_STORE = directory(
            "AWS_VPC_K8S_CNI_BACKING_STORE",
            "/var/run/aws-node/ipam.json",
            "The checkpoint of the AWS VPC CNI; ipamd reads it at each start, so that its pods keep "
                    + "their addresses.");
    static final Variable<Boolean> VPC_ENI_REMOVE_AWS_RULES = flag(
            "VPC_ENI_REMOVE_AWS_RULES",
            false,
            "true: at start ipamd deletes the AWS VPC CNI's chains and rules in nftables, which "
                    + "overrule the SNAT settings; see docs/leftovers.md.");
    static final Variable<Boolean> VPC_ENI_IGNORE_BRANCH_ENIS = flag(
            "VPC_ENI_IGNORE_BRANCH_ENIS",
            false,
            "true: ipamd also takes over a node that has pods with security groups of their own; see docs/leftovers.md.");
    static final Variable<InetSocketAddress> VPC_ENI_METRICS_BIND_ADDRESS =
            bindAddress("VPC_ENI_METRICS_BIND_ADDRESS", ":61678", "Address of the Prometheus metrics.");
    static final Variable<LogFormat> VPC_ENI_LOG_FORMAT = declared(new Variable<>(
            "VPC_ENI_LOG_FORMAT",
            "json",
            "json or text",
            "Format of a log line.",
            text -> Texts.constant(LogFormat.values(), text)));
    static final Variable<Duration> VPC_ENI_ADD_WAIT_SECONDS = seconds(
            "VPC_ENI_ADD_WAIT_SECONDS",
            30,
            1,
            WAIT_SECONDS_MAX,
            "How long an ADD waits for an address before it fails.");
    static final Variable<Duration> VPC_ENI_IPAMD_WAIT_SECONDS = seconds(
            "VPC_ENI_IPAMD_WAIT_SECONDS",
            60,
            1,
            WAIT_SECONDS_MAX,
            "How long the CNI binary waits for ipamd on ADD: ipamdWaitSeconds of the conflist.");

    /// The variables that are used, in the order in which they are declared above and stand in docs/settings.md.
    static final List<Variable<?>> USED = List.copyOf(DECLARED);

    private Variables() {}

    private static <T> Variable<T> declared(Variable<T> variable) {
        DECLARED.add(variable);
        return variable;
    }

    private static Variable<Integer> integer(String name, int fallback, int min, int max, String meaning) {
        return declared(new Variable<>(
                name, Integer.toString(fallback), min + " to " + max, meaning, text -> Texts.integer(text, min, max)));
    }

    private static Variable<Duration> seconds(String name, int fallback, int min, int max, String meaning) {
        return declared(new Variable<>(
                name,
                Integer.toString(fallback),
                min + " to " + max + " seconds",
                meaning,
                text -> Texts.seconds(text, min, max)));
    }

    private static Variable<Boolean> flag(String name, boolean fallback, String meaning) {
        return declared(new Variable<>(name, Boolean.toString(fallback), "true or false", meaning, Texts::flag));
    }

    private static Variable<Path> directory(String name, String fallback, String meaning) {
        return declared(new Variable<>(name, fallback, "an absolute path", meaning, Texts::absolutePath));
    }

    private static Variable<Path> socket(String name, String fallback, String meaning) {
        return declared(
                new Variable<>(name, fallback, "an absolute path of at most 107 bytes", meaning, Texts::socketPath));
    }

    private static Variable<InetSocketAddress> bindAddress(String name, String fallback, String meaning) {
        return declared(new Variable<>(
                name,
                fallback,
                "an address literal and a port, as in 127.0.0.1:8080, [::1]:8080 or :8080",
                meaning,
                Texts::bindAddress));
    }

    private static Optional<LogLevel> logLevel(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("fatal") ? Optional.of(LogLevel.ERROR) : Texts.constant(LogLevel.values(), lower);
    }
}
