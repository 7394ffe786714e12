package io.vpceni.network;

import io.vpceni.config.AwsLinkName;
import io.vpceni.config.PodName;
import java.util.List;
import java.util.Optional;

/// Possible names of a pod's host link: the prefix and 11 hex digits of a SHA-1.
///
/// The first choice is the AWS VPC CNI's name, over `namespace.pod`, so that its tools and its daemon recognize
/// the link. A new sandbox of the same pod can be created before the DEL of the old one, and then that name is
/// taken. The second choice is over the CNI key, which no two sandboxes share. So a name does not tell which
/// sandbox a link belongs to; its alias does.
///
/// @param prefix at most four characters
record HostNames(String prefix) {

    /// Runtimes use this name for the interface of the cluster's own network; interfaces of further networks
    /// are `net1` and so on.
    private static final String FIRST_INTERFACE = "eth0";

    /// One or two names, the first choice first.
    List<String> of(PodIdentity identity, PodName pod) {
        String ofKey = ofKey(identity);
        return ofPod(identity, pod).map(ofPod -> List.of(ofPod, ofKey)).orElse(List.of(ofKey));
    }

    /// The AWS VPC CNI's name. Empty: the AWS VPC CNI would not name this link so, or has no name for it.
    Optional<String> ofPod(PodIdentity identity, PodName pod) {
        if (!identity.key().interfaceName().equals(FIRST_INTERFACE)
                || pod.namespace().isEmpty()
                || pod.name().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(AwsLinkName.of(prefix, pod.namespace(), pod.name()));
    }

    String ofKey(PodIdentity identity) {
        return prefix
                + AwsLinkName.digits(String.join(
                        "\0",
                        identity.key().network(),
                        identity.key().containerId(),
                        identity.key().interfaceName()));
    }
}
