package io.vpceni.lab.cli;

import io.vpceni.lab.ec2.NodePolicy;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import picocli.CommandLine.Option;

/// What the roles of the nodes may do, of a lab in which others' daemons may run.
final class NodePolicyOption {
    @Option(
            names = "--node-policy",
            paramLabel = "POLICY",
            defaultValue = "eks-cni",
            description = "what the nodes' role may do: eks-cni, as AWS documents it for CNI plugins, or minimal, only"
                    + " what ipamd needs (default: ${DEFAULT-VALUE})")
    private String name = "";

    SitePlan of(SitePlan plan) throws IOException {
        NodePolicy policy = NodePolicy.byName().get(name);
        if (policy == null) {
            throw new IOException("--node-policy " + name + ": want "
                    + String.join(" or ", NodePolicy.byName().keySet()));
        }
        return plan.withEmulation(plan.emulation().withNodePolicy(policy));
    }

    String name() {
        return name;
    }
}
