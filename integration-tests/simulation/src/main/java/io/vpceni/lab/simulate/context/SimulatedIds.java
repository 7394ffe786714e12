package io.vpceni.lab.simulate.context;

/// The ids of the simulated account.
public final class SimulatedIds {
    /// The node's instance.
    public static final String NODE = "i-0a";

    /// The instance of a node that knows nothing of this one.
    public static final String OTHER_NODE = "i-0b";

    public static final String VPC = "vpc-0a";
    public static final String ZONE = "eu-west-1a";
    public static final String SECURITY_GROUP = "sg-0a";
    public static final String CLUSTER = "simulated";

    private SimulatedIds() {}
}
