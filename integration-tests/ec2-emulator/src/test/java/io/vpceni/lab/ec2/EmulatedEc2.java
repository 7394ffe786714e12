package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.model.Ec2Delays;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// An embedded EC2 on loopback with a client of the administrator's.
public final class EmulatedEc2 implements AutoCloseable {
    private final Ec2Emulation emulation;
    private final Ec2Client ec2;

    public EmulatedEc2(Ec2Settings settings, InstantSource time) {
        try {
            emulation = Ec2Emulation.start(settings, loopback(), time);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ec2 = Ec2Clients.open(emulation.endpoint(), Ec2Clients.ADMINISTRATOR);
    }

    /// Without delays: every change is done when the answer arrives.
    public static EmulatedEc2 withoutDelays() {
        return new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), new SteppedTime());
    }

    public static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public Ec2Emulation emulation() {
        return emulation;
    }

    public Ec2Client ec2() {
        return ec2;
    }

    public URI endpoint() {
        return emulation.endpoint();
    }

    public TestWorld world(String subnetCidr) {
        return TestWorld.build(ec2, subnetCidr);
    }

    @Override
    public void close() {
        ec2.close();
        emulation.close();
    }
}
