package io.vpceni.lab.simulate.context;

import io.vpceni.eni.InstanceId;
import io.vpceni.eni.VpcId;

/// The ids of the simulated account.
public final class SimulatedIds {
    /// The node's instance.
    public static final InstanceId NODE = new InstanceId("i-0a");

    /// The instance of a node that knows nothing of this one.
    public static final InstanceId OTHER_NODE = new InstanceId("i-0b");

    public static final VpcId VPC = new VpcId("vpc-0a");
    public static final String ZONE = "eu-west-1a";
    public static final String SECURITY_GROUP = "sg-0a";
    public static final String CLUSTER = "simulated";

    private SimulatedIds() {}
}
