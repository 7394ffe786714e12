package io.vpceni.network;

import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.NetnsFd;
import java.util.List;

/// The node's network.
@SuppressWarnings("DoNotCallSuggester")
public final class HostNetwork implements AutoCloseable {

    private HostNetwork() {}

    public static HostNetwork open(NetworkSettings settings) throws NetworkFailure {
        throw new UnsupportedOperationException();
    }

    public void setUpPrimary(EniLink primary) throws NetworkFailure {}

    public void setUpEni(EniLink eni) throws NetworkFailure {}

    public void applyNat(NatRules rules) throws NetworkFailure {}

    public WiredPod wire(PodWiring wiring, NetnsFd netns) throws NetworkFailure {
        throw new UnsupportedOperationException();
    }

    public void unwire(PodUnwiring unwiring) throws NetworkFailure {}

    public void removeLink(String hostInterface) throws NetworkFailure {}

    public List<WiredPodFound> recover() throws NetworkFailure {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
