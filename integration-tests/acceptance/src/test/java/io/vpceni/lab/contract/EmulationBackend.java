package io.vpceni.lab.contract;

import io.vpceni.lab.ec2.BucketSizes;
import io.vpceni.lab.ec2.Ec2Clients;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.EmulatedEc2;
import io.vpceni.lab.ec2.SteppedTime;
import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.imds.ImdsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// The embedded EC2, whose time stands still until it is let pass.
final class EmulationBackend implements ContractBackend, AutoCloseable {
    /// More than it takes for anything.
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SteppedTime time = new SteppedTime();
    private final EmulatedEc2 emulated;
    private final List<ImdsServer> metadata = new ArrayList<>();

    private EmulationBackend(Ec2Delays delays) {
        emulated = new EmulatedEc2(Ec2Settings.defaults().withDelays(delays).withBuckets(BucketSizes.off()), time);
    }

    /// What is asked for is there with the answer.
    static EmulationBackend atOnce() {
        return new EmulationBackend(Ec2Delays.none());
    }

    /// What is asked for is there once time has passed.
    static EmulationBackend withDelays() {
        return new EmulationBackend(Ec2Delays.realistic());
    }

    @Override
    public Kind kind() {
        return Kind.EMULATION;
    }

    @Override
    public URI endpoint() {
        return emulated.endpoint();
    }

    @Override
    public AwsCredentials credentials() {
        return Ec2Clients.ADMINISTRATOR;
    }

    @Override
    public void settle() {
        time.advance(LONG);
    }

    @Override
    public URI metadata(String instanceId) {
        try {
            ImdsServer server = ImdsServer.bind(
                            EmulatedEc2.loopback(), emulated.emulation().nodeView(instanceId), time)
                    .start();
            metadata.add(server);
            return server.endpoint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        metadata.forEach(ImdsServer::close);
        emulated.close();
    }
}
