package io.vpceni.network;

/// An object that the AWS VPC CNI or a portmap plugin left on the node, and that ipamd does not use.
///
/// @param object its name for an operator
/// @param effect its effect on pods while it stays
/// @param command shows or removes it, on the node
public record Leftover(Kind kind, String object, String effect, String command) {

    /// In the order in which they are searched.
    public enum Kind {
        /// Chains and rules of the AWS VPC CNI that iptables-nft made, and its own nftables table.
        AWS_RULES,
        /// The same, made by iptables' legacy back end.
        AWS_LEGACY_RULES,
        /// Filters of AWS's network policy agent on the links of adopted pods.
        POLICY_FILTERS,
        /// Links and rules of pods with their own security groups.
        BRANCH_ENIS,
        /// Rules of a portmap plugin.
        HOST_PORTS
    }
}
