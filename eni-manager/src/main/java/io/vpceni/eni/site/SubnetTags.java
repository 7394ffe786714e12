package io.vpceni.eni.site;

import io.vpceni.config.ClusterName;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.site.SubnetState.Eligibility;
import java.util.Map;
import java.util.Optional;

/// Reads a subnet's tags, with the AWS VPC CNI's keys.
///
/// @param clusterName empty: the tags that name clusters do not count then
record SubnetTags(Optional<ClusterName> clusterName) {

    /// `0`: never; any other value: yes; absent or "": only the primary ENI's subnet.
    private static final String ROLE = "kubernetes.io/role/cni";

    /// A subnet with such a key is for the clusters that its keys name.
    private static final String CLUSTER_PREFIX = "cni.networking.k8s.aws/cluster/";

    Eligibility eligibility(Ec2Subnet subnet, boolean primary) {
        String role = subnet.tags().getOrDefault(ROLE, "");
        if (role.isEmpty()) {
            return primary ? Eligibility.USED : Eligibility.NOT_TAGGED;
        }
        return role.equals("0") || !isForUs(subnet.tags()) ? Eligibility.EXCLUDED : Eligibility.USED;
    }

    private boolean isForUs(Map<String, String> tags) {
        return clusterName.isEmpty()
                || tags.containsKey(CLUSTER_PREFIX + clusterName.get())
                || tags.keySet().stream().noneMatch(key -> key.startsWith(CLUSTER_PREFIX));
    }
}
