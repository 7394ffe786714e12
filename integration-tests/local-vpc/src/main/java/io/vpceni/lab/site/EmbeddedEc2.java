package io.vpceni.lab.site;

import io.vpceni.lab.backend.VpcBackend;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.control.ControlApi;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.world.World;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/// The project's own emulation, in this process.
record EmbeddedEc2(Ec2Emulation ec2, ControlApi door, String region) implements Ec2Backend {
    static EmbeddedEc2 start(Ec2Settings settings, InstantSource time) throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Ec2Emulation ec2 = Ec2Emulation.start(settings, anywhere, time);
        try {
            return new EmbeddedEc2(
                    ec2, ControlApi.open(ec2, anywhere, time), settings.region().name());
        } catch (IOException | RuntimeException e) {
            ec2.close();
            throw e;
        }
    }

    @Override
    public String origin() {
        return "the embedded EC2";
    }

    @Override
    public VpcBackend backend() {
        return ec2;
    }

    @Override
    public NodeView nodeView(String instanceId) {
        return ec2.nodeView(instanceId);
    }

    @Override
    public URI addListener(InetSocketAddress bind) throws IOException {
        return ec2.addListener(bind);
    }

    @Override
    public World.ApiAccess administrator() {
        return new World.ApiAccess(
                ec2.endpoint(), region, Ec2Emulation.ADMINISTRATOR_KEY_ID, Ec2Emulation.ADMINISTRATOR_SECRET);
    }

    @Override
    public WorldPlan adapt(WorldPlan plan) {
        return plan;
    }

    @Override
    public Optional<Ec2Emulation> emulation() {
        return Optional.of(ec2);
    }

    @Override
    public Optional<URI> control() {
        return Optional.of(door.endpoint());
    }

    @Override
    public void close() {
        door.close();
        ec2.close();
    }
}
