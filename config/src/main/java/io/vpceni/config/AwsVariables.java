package io.vpceni.config;

import java.util.List;
import java.util.Set;

/// Variables of the AWS VPC CNI that this version knows and does not use. docs/settings.md lists them too.
final class AwsVariables {

    private static final Set<String> NOTHING = Set.of();

    private static final Set<String> OFF = Set.of("false");

    private static final Set<String> ON = Set.of("true");

    /// Each of these is an error when it is turned on: the node would lack something that its operator relies
    /// on.
    static final List<UnsupportedMode> UNSUPPORTED = List.of(
            new UnsupportedMode("ENABLE_IPv4", true, "IPv4 addresses for pods"),
            new UnsupportedMode("ENABLE_IPv6", false, "IPv6 addresses for pods"),
            new UnsupportedMode("ENABLE_POD_ENI", false, "security groups for pods"),
            new UnsupportedMode("ENABLE_MULTI_NIC", false, "several network cards"),
            new UnsupportedMode("ENABLE_V6_EGRESS", false, "IPv6 egress from an IPv4 cluster"),
            new UnsupportedMode("DISABLE_POD_V6", false, "IPv6 switched off inside pods"),
            new UnsupportedMode("ENABLE_BANDWIDTH_PLUGIN", false, "the bandwidth plugin behind ours"),
            new UnsupportedMode("ANNOTATE_POD_IP", false, "a pod annotation with its address"));

    /// All of these that are set give one warning line together.
    static final List<UnusedVariable> UNUSED = List.of(
            new UnusedVariable("AWS_MANAGE_ENIS_NON_SCHEDULABLE", ON, "the pool also grows on unschedulable nodes"),
            new UnusedVariable("NETWORK_POLICY_ENFORCING_MODE", Set.of("none"), "there is no network policy agent"),
            new UnusedVariable("POD_SECURITY_GROUP_ENFORCING_MODE", NOTHING, "for security groups for pods"),
            new UnusedVariable("ENI_CONFIG_ANNOTATION_DEF", NOTHING, "for ENIConfig"),
            new UnusedVariable("ENI_CONFIG_LABEL_DEF", NOTHING, "for ENIConfig"),
            new UnusedVariable("CLUSTER_ENDPOINT", NOTHING, "the API server is not asked"),
            new UnusedVariable("AWS_EXTERNAL_SERVICE_CIDRS", NOTHING, "service blocks routed by the main table"),
            new UnusedVariable("AWS_VPC_K8S_CNI_LOG_FILE", Set.of("stdout"), "logs go to standard output"),
            new UnusedVariable("AWS_VPC_K8S_PLUGIN_LOG_FILE", NOTHING, "the CNI binary writes no log"),
            new UnusedVariable("AWS_VPC_K8S_PLUGIN_LOG_LEVEL", NOTHING, "the CNI binary writes no log"),
            new UnusedVariable("AWS_VPC_K8S_EGRESS_V4_PLUGIN_LOG_FILE", NOTHING, "there is no egress plugin"),
            new UnusedVariable("AWS_VPC_K8S_EGRESS_V6_PLUGIN_LOG_FILE", NOTHING, "there is no egress plugin"),
            new UnusedVariable("ENABLE_V4_EGRESS", ON, "for IPv6 clusters"),
            new UnusedVariable("HTTP_TIMEOUT", NOTHING, "timeouts of EC2 calls are fixed"),
            new UnusedVariable("AWS_EC2_ENDPOINT", NOTHING, "set AWS_ENDPOINT_URL_EC2 instead"),
            new UnusedVariable("AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", NOTHING, "without effect in AWS's own as well"),
            new UnusedVariable("ENABLE_NFTABLES", ON, "nftables always"),
            new UnusedVariable("DISABLE_TCP_EARLY_DEMUX", OFF, "nothing changes this sysctl"),
            new UnusedVariable("HOST_CNI_BIN_PATH", NOTHING, "the CNI binary is installed by the image"));

    /// Further variables of the AWS VPC CNI's DaemonSet. They are not misspelt, whatever known name they
    /// resemble.
    static final Set<String> OF_ITS_DAEMON_SET = Set.of("MY_POD_NAME", "VPC_CNI_VERSION", "VPC_ID");

    private AwsVariables() {}
}
