package io.vpceni.config;

import java.util.List;

/// How pods and ENIs are wired, and with which source address packets leave the node.
///
/// @param vethPrefix first characters of every host-side interface name; 1 to 4 of letters, digits, `_` and `-`
/// @param eniMtu MTU of each ENI's link; 576 to 9001 bytes
/// @param podMtu MTU of each pod's link, at most `eniMtu`; 576 to 9001 bytes
/// @param externalSnat true: a gateway outside the node translates addresses, the node does not
/// @param excludeSnatCidrs destinations that see the pod's address, in addition to the VPC's own CIDRs; IPv4,
///     sorted, distinct
/// @param randomizeSnat how source ports are chosen when the node translates
/// @param connmark bit pattern that marks connections which came in through, or leave by, the primary ENI; as
///     unsigned 32 bits, never 0
/// @param nodePortSupport whether answers of NodePort connections are sent by the primary ENI
/// @param podSourceCheck whether the node drops packets of a pod with a source address that is not the pod's
public record NetworkSettings(
        String vethPrefix,
        int eniMtu,
        int podMtu,
        boolean externalSnat,
        List<Cidr> excludeSnatCidrs,
        RandomizeSnat randomizeSnat,
        int connmark,
        boolean nodePortSupport,
        boolean podSourceCheck) {

    public static final int MTU_MIN = 576;

    public static final int MTU_MAX = 9001;

    public NetworkSettings {
        excludeSnatCidrs = List.copyOf(excludeSnatCidrs);
    }

    /// With the source check on.
    public NetworkSettings(
            String vethPrefix,
            int eniMtu,
            int podMtu,
            boolean externalSnat,
            List<Cidr> excludeSnatCidrs,
            RandomizeSnat randomizeSnat,
            int connmark,
            boolean nodePortSupport) {
        this(
                vethPrefix,
                eniMtu,
                podMtu,
                externalSnat,
                excludeSnatCidrs,
                randomizeSnat,
                connmark,
                nodePortSupport,
                true);
    }

    static NetworkSettings from(Reading reading) {
        String vethPrefix = reading.value(Variables.AWS_VPC_K8S_CNI_VETHPREFIX);
        int eniMtu = reading.value(Variables.AWS_VPC_ENI_MTU);
        int podMtu = reading.value(Variables.POD_MTU, eniMtu);
        if (podMtu > eniMtu) {
            reading.problem(Variables.POD_MTU.name(), "want at most AWS_VPC_ENI_MTU, which is " + eniMtu);
        }
        return new NetworkSettings(
                vethPrefix,
                eniMtu,
                podMtu,
                reading.value(Variables.AWS_VPC_K8S_CNI_EXTERNALSNAT),
                reading.value(Variables.AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS),
                reading.value(Variables.AWS_VPC_K8S_CNI_RANDOMIZESNAT),
                reading.value(Variables.AWS_VPC_K8S_CNI_CONNMARK),
                reading.value(Variables.AWS_VPC_CNI_NODE_PORT_SUPPORT),
                reading.value(Variables.VPC_ENI_POD_SOURCE_CHECK));
    }
}
