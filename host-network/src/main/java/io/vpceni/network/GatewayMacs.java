package io.vpceni.network;

import io.vpceni.config.MacAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The MAC address that each wired sandbox takes its gateway to have, for ever: its host end's at its birth, or when an
/// earlier life's was found. From any thread.
final class GatewayMacs {

    private final Map<PodIdentity, MacAddress> macs = new HashMap<>();

    synchronized void put(PodIdentity identity, MacAddress mac) {
        macs.put(identity, mac);
    }

    synchronized void remove(PodIdentity identity) {
        macs.remove(identity);
    }

    synchronized Optional<MacAddress> find(PodIdentity identity) {
        return Optional.ofNullable(macs.get(identity));
    }
}
