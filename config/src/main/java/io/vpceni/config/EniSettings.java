package io.vpceni.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// In which subnets this node's ENIs are created, how they are tagged, and which attached ENIs are used.
///
/// @param clusterName name for the cluster tags of each ENI; empty: no cluster tags
/// @param additionalTags further tags, key to value, in the order in which they were given
/// @param discoversSubnets whether ENIs are also created in other subnets than the primary ENI's, found by their
///     tags
/// @param customNetworking whether subnet and security groups come from `zoneFile`; the primary ENI then carries
///     no pods
/// @param zoneFile subnet and security groups by availability zone; read only with `customNetworking`
/// @param managesUntagged whether an attached ENI without this instance's tag is used for pods
/// @param deletesLeftOver whether ENIs are deleted that a node of the cluster left without an attachment
/// @param provisioning who creates and removes ENIs and addresses in EC2
/// @param ec2Share how much of the account's API request buckets this node may use; above 0, 1 is all
public record EniSettings(
        Optional<ClusterName> clusterName,
        SequencedMap<String, String> additionalTags,
        boolean discoversSubnets,
        boolean customNetworking,
        Path zoneFile,
        boolean managesUntagged,
        boolean deletesLeftOver,
        Provisioning provisioning,
        double ec2Share) {

    private static final Path ZONE_FILE = Path.of(Variables.VPC_ENI_ENI_CONFIG_FILE.fallback());

    public EniSettings {
        additionalTags = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(additionalTags));
    }

    /// The defaults, without a cluster's name.
    public static EniSettings defaults() {
        return of(Optional.empty());
    }

    /// The defaults for a node of that cluster.
    public static EniSettings of(ClusterName cluster) {
        return of(Optional.of(cluster));
    }

    private static EniSettings of(Optional<ClusterName> cluster) {
        return new EniSettings(cluster, new LinkedHashMap<>(), true, false, ZONE_FILE, true, true, Provisioning.ON, 1);
    }

    /// The same, but new ENIs are created in the primary ENI's subnet, and EC2 is never asked for subnets.
    public EniSettings withoutDiscovery() {
        return new EniSettings(
                clusterName,
                additionalTags,
                false,
                customNetworking,
                zoneFile,
                managesUntagged,
                deletesLeftOver,
                provisioning,
                ec2Share);
    }

    static EniSettings from(Reading reading) {
        boolean imdsOnly = reading.value(Variables.ENABLE_IMDS_ONLY_MODE);
        boolean provisioningOff = reading.value(Variables.DISABLE_NETWORK_RESOURCE_PROVISIONING);
        Provisioning following = imdsOnly ? Provisioning.IMDS_ONLY : Provisioning.OFF;
        return new EniSettings(
                Optional.of(reading.value(Variables.CLUSTER_NAME))
                        .filter(name -> !name.isEmpty())
                        .map(ClusterName::new),
                reading.value(Variables.ADDITIONAL_ENI_TAGS),
                reading.value(Variables.ENABLE_SUBNET_DISCOVERY),
                reading.value(Variables.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG),
                reading.value(Variables.VPC_ENI_ENI_CONFIG_FILE),
                reading.value(Variables.MANAGE_UNTAGGED_ENI),
                !reading.value(Variables.DISABLE_LEAKED_ENI_CLEANUP),
                imdsOnly || provisioningOff ? following : Provisioning.ON,
                reading.value(Variables.VPC_ENI_EC2_SHARE) / 100);
    }
}
