package io.vpceni.network;

/// Something that the AWS VPC CNI or a portmap plugin left on the node, and that ipamd does not use.
///
/// @param object what it is, as an operator would name it
/// @param effect what it does to pods until it goes
/// @param command shows it or takes it away, on the node
public record Leftover(Kind kind, String object, String effect, String command) {

    /// In the order in which they are looked for.
    public enum Kind {
        /// Chains and rules of the AWS VPC CNI that iptables-nft made, and its own nftables table.
        AWS_RULES,
        /// The same, by iptables' legacy back end.
        AWS_LEGACY_RULES,
        /// Filters of AWS's network policy agent on the links of adopted pods.
        POLICY_FILTERS,
        /// Links and rules of pods with security groups of their own.
        BRANCH_ENIS,
        /// Rules of a portmap plugin.
        HOST_PORTS
    }
}
