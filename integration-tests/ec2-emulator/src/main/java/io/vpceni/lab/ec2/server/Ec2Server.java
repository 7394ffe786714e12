package io.vpceni.lab.ec2.server;

import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.SampleWorld;
import io.vpceni.lab.ec2.control.ControlApi;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/// `java -jar ec2-emulator.jar [PORT [CONTROL-PORT]]`: an EC2 on loopback, with a small VPC in it, until it is ended.
///
/// Without delays: every change is done when the answer arrives.
public final class Ec2Server implements AutoCloseable {
    private static final String PORT = "4580";
    private static final String CONTROL_PORT = "4581";

    private final Ec2Emulation emulation;
    private final ControlApi control;
    private final SampleWorld world;

    private Ec2Server(Ec2Emulation emulation, ControlApi control, SampleWorld world) {
        this.emulation = emulation;
        this.control = control;
        this.world = world;
    }

    @SuppressWarnings("SystemOut") // a program's own output
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (Ec2Server server =
                start(arguments.length > 0 ? arguments[0] : PORT, arguments.length > 1 ? arguments[1] : CONTROL_PORT)) {
            server.tell(System.out);
            new CountDownLatch(1).await(); // for Ctrl-C
        }
    }

    static Ec2Server start(String port, String controlPort) throws IOException {
        Ec2Settings settings = Ec2Settings.defaults().withDelays(Ec2Delays.none());
        InstantSource time = InstantSource.system();
        Ec2Emulation emulation = Ec2Emulation.start(settings, loopback(port), time);
        try {
            SampleWorld world =
                    SampleWorld.build(emulation.endpoint(), settings.region().name());
            return new Ec2Server(emulation, ControlApi.open(emulation, loopback(controlPort), time), world);
        } catch (IOException | RuntimeException e) {
            emulation.close();
            throw e;
        }
    }

    private static InetSocketAddress loopback(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    void tell(PrintStream out) {
        out.println("EC2 answers at " + emulation.endpoint() + ", its control API at " + control.endpoint());
        out.println("subnet " + world.subnetId() + ", security group " + world.securityGroupId() + ", instance "
                + world.instanceId());
        out.flush();
    }

    @Override
    public void close() {
        control.close();
        emulation.close();
    }
}
