package io.vpceni.lab.simulate;

/// The ids of the simulated account.
final class SimulatedIds {
    /// The node's instance.
    static final String NODE = "i-0a";

    /// The instance of a node that knows nothing of this one.
    static final String OTHER_NODE = "i-0b";

    static final String VPC = "vpc-0a";
    static final String ZONE = "eu-west-1a";
    static final String SECURITY_GROUP = "sg-0a";
    static final String CLUSTER = "simulated";

    private SimulatedIds() {}
}
