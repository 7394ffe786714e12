package io.vpceni.lab.site;

import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.vpc.VpcNode;

/// A node that is ready for pods.
public record SiteNode(VpcNode vpcNode, ConfinedIpamd ipamd, CniRuntime runtime) {
    public String name() {
        return vpcNode.name();
    }
}
