package io.vpceni.eni.aws;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.Pause;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;

/// EC2 by the AWS SDK: region, credentials and endpoint from the SDK's default chains.
public final class AwsEc2 implements Ec2, AutoCloseable {

    private AwsEc2() {}

    /// Begins to build the SDK's client on a thread of its own and returns at once; the first call waits for it.
    ///
    /// @param version of this product, for the user agent
    /// @param clock for the circuit breaker
    public static AwsEc2 open(String version, Clock clock, Pause pause) {
        throw new UnsupportedOperationException(version + clock + pause);
    }

    @Override
    public NodeLimits limits(String instanceType) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Ec2Eni> enisOf(String instanceId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Ec2Eni eni(EniId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Ec2Eni create(EniRequest request, String clientToken) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String attach(EniId id, String instanceId, int networkCard, int deviceIndex) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void detach(String attachmentId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(EniId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<InetAddress> assignAddresses(EniId id, int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
