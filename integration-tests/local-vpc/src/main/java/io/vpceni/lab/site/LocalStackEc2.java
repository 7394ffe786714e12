package io.vpceni.lab.site;

import io.vpceni.lab.backend.VpcBackend;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.localstack.LocalStackBackend;
import io.vpceni.lab.world.World;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/// LocalStack's EC2 behind the lab's proxy. It assigns addresses at random, so the VPC has one large subnet.
record LocalStackEc2(LocalStackBackend localStack) implements Ec2Backend {
    private static final String REGION = "us-east-1";

    @Override
    public String origin() {
        return localStack.origin();
    }

    @Override
    public VpcBackend backend() {
        return localStack;
    }

    @Override
    public NodeView nodeView(String instanceId) {
        return localStack.nodeView(instanceId);
    }

    @Override
    public URI addListener(InetSocketAddress bind) throws IOException {
        return localStack.addListener(bind);
    }

    @Override
    public World.ApiAccess administrator() {
        return new World.ApiAccess(localStack.endpoint(), REGION, "test", "test");
    }

    @Override
    public WorldPlan adapt(WorldPlan plan) {
        return plan.withOneSubnet();
    }

    @Override
    public void close() {
        localStack.close();
    }
}
