package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.query.Ec2Refusal;

/// The administrator may do everything, a node's role what its policy lists.
record Permissions(NodePolicy nodePolicy) implements Admission {
    @Override
    public void admit(ApiCall call) {
        switch (call.caller()) {
            case Caller.Administrator _ -> {}
            case Caller.Node(String instanceId) -> {
                if (!nodePolicy.actions().contains(call.action())) {
                    throw new Ec2Refusal(
                            403,
                            "UnauthorizedOperation",
                            "You are not authorized to perform this operation: the role of " + instanceId
                                    + " has no permission for ec2:" + call.action() + " (policy "
                                    + nodePolicy.name() + " of this EC2 emulation)");
                }
            }
        }
    }
}
