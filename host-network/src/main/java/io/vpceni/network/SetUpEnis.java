package io.vpceni.network;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.network.drift.DesiredEni;
import io.vpceni.network.drift.DriftSubject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The ENIs that are configured and should stay so. Bounded by the instance's limit of ENIs. May be called from
/// any thread.
final class SetUpEnis {

    private final Map<MacAddress, DesiredEni> enis = new LinkedHashMap<>();

    /// Replaces the earlier desired state of that ENI.
    synchronized void add(DesiredEni eni) {
        enis.put(eni.mac(), eni);
    }

    /// Waits for [#whileSetUp] of another thread.
    synchronized void remove(MacAddress mac) {
        enis.remove(mac);
    }

    synchronized Optional<DesiredEni> find(MacAddress mac) {
        return Optional.ofNullable(enis.get(mac));
    }

    synchronized List<DesiredEni> all() {
        return new ArrayList<>(enis.values());
    }

    /// Runs the work unless the ENI was taken down or set up anew since. Both wait until the work is done.
    ///
    /// @return whether it was done
    synchronized boolean whileSetUp(DesiredEni eni, DriftSubject.Work work) throws NetlinkFailure {
        if (!eni.equals(enis.get(eni.mac()))) {
            return false;
        }
        work.run();
        return true;
    }
}
