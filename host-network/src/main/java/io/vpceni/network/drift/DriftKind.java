package io.vpceni.network.drift;

import java.util.Locale;

/// The kind of a difference from the desired state. A label value (docs/drift.md has a row for each).
public enum DriftKind {
    /// A pod's host end is down, or has another MAC address, group, alias or MTU.
    POD_LINK,
    /// A pod's host end does not forward.
    POD_SETTINGS,
    /// The host route to a pod is missing or leads elsewhere.
    POD_ROUTE,
    /// Rule 512 of a pod is missing, or another rule is in its place.
    RULE_TO_POD,
    /// Rule 1536 of a pod is missing, or another rule is in its place.
    RULE_FROM_POD,
    /// An ENI's link is down or has another MAC address.
    ENI_LINK,
    /// An ENI's link has another MTU.
    ENI_MTU,
    /// An ENI's link does not forward, or its reverse path filter is not the loose one.
    ENI_SETTINGS,
    /// An ENI's link does not have the ENI's address.
    ENI_ADDRESS,
    /// A route of an ENI's table is missing or leads elsewhere.
    ENI_ROUTE,
    /// A rule of an ENI, 32000 to 32003 or 32765, is missing.
    RULE_FROM_ENI,
    /// A rule for marked packets, 1022 to 1024, is missing, or exists but is not needed.
    RULE_MARK,
    /// No rule looks up the table main. That rule belongs to the node.
    RULE_MAIN,
    /// One of our rules has no protocol, because an earlier version or the AWS VPC CNI added it: it is
    /// replaced.
    RULE_PROTOCOL,
    /// A pod's address is also an address of the node.
    POD_ADDRESS_ON_NODE,
    /// An nftables table is missing or different.
    NFT_TABLE;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The program that usually causes it, and what to do about it; empty: none in particular.
    String usually() {
        return switch (this) {
            case RULE_TO_POD, RULE_FROM_POD, RULE_FROM_ENI, RULE_MARK ->
                "systemd-networkd deletes other programs' rules when a link appears, unless networkd.conf "
                        + "has ManageForeignRoutingPolicyRules=no; 'ip rule flush' does so too";
            case POD_ROUTE, ENI_ROUTE ->
                "routes go when their link is taken down; networkd.conf: ManageForeignRoutes=no";
            case ENI_LINK, ENI_MTU, ENI_ADDRESS ->
                "systemd-networkd, NetworkManager, cloud-init and netplan set up ENIs that their files match;"
                        + " leave secondary ENIs unmanaged";
            case POD_LINK ->
                "NetworkManager, or a .link file of udev with MACAddressPolicy=persistent; leave the pods' links"
                        + " unmanaged";
            case ENI_SETTINGS, POD_SETTINGS ->
                "a sysctl file or its reload ('sysctl --system'); net.ipv4.ip_forward=0 turns forwarding off on every"
                        + " link: set it to 1 in /etc/sysctl.d";
            case POD_ADDRESS_ON_NODE ->
                "amazon-ec2-net-utils gives ENIs' secondary addresses to the node (policy-routes@<link>.service,"
                        + " refresh-policy-routes@<link>.timer): mask 99-vpc-policy-routes.rules and disable the units";
            case RULE_MAIN ->
                "'ip rule flush' deletes it too, and then the node and the pods on its primary ENI reach "
                        + "nothing: run 'ip rule add priority 32766 lookup main; ip rule add priority 32767 lookup "
                        + "default'";
            case RULE_PROTOCOL -> "";
            case NFT_TABLE -> "'nft flush ruleset', as firewalld and nftables.service do when they start or reload";
        };
    }
}
