package io.vpceni.eni.imds;

import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.Pause;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/// IMDSv2 over HTTP.
public final class HttpImds implements Imds {

    /// Where IMDS is on an EC2 instance.
    public static final URI DEFAULT_ENDPOINT = URI.create("http://169.254.169.254");

    /// @param endpoint `AWS_EC2_METADATA_SERVICE_ENDPOINT`, or [#DEFAULT_ENDPOINT]
    public HttpImds(URI endpoint, InstantSource time, Pause pause) {
        throw new UnsupportedOperationException("" + endpoint + time + pause);
    }

    @Override
    public NodeIdentity identity() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ImdsEni> enis() {
        throw new UnsupportedOperationException();
    }
}
