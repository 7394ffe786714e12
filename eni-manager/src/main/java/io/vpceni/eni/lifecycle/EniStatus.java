package io.vpceni.eni.lifecycle;

import io.vpceni.config.DeviceSlot;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/// One ENI's life, for people.
///
/// @param name the ENI's id; for one that EC2 has not named yet, the client token
/// @param networkCard 0 for the first; -1 when it has no place any more
/// @param deviceIndex on its card; -1 when it has no place any more
/// @param since when it came to this phase
/// @param note what is waited for, or went wrong; "" for nothing
/// @param sinceStart whether it came to this phase before ipamd started, and `since` is when that was
/// @param primaryAddress its own address, which no pod gets; empty for one on its way in or out
public record EniStatus(
        String name,
        EniPhase phase,
        int networkCard,
        int deviceIndex,
        Instant since,
        String note,
        boolean sinceStart,
        Optional<InetAddress> primaryAddress) {

    /// One on its way in or out.
    public EniStatus(String name, EniPhase phase, int networkCard, int deviceIndex, Instant since, String note) {
        this(name, phase, networkCard, deviceIndex, since, note, false, Optional.empty());
    }

    public boolean isPrimary() {
        return new DeviceSlot(networkCard, deviceIndex).isPrimary();
    }
}
