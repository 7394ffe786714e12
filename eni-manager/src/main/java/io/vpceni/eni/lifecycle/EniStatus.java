package io.vpceni.eni.lifecycle;

import io.vpceni.config.DeviceSlot;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/// An ENI of the state machine as `ipamctl` prints it: a status.
///
/// @param slot where it is attached or is to be; empty when it has no place any more, or none yet
/// @param since when it came to this phase
/// @param note what is waited for, or went wrong; "" for nothing
/// @param sinceStart whether it came to this phase before ipamd started, and `since` is when that was
/// @param primaryAddress its own address, which no pod gets; empty for one on its way in or out
public record EniStatus(
        EniReference eni,
        EniPhase phase,
        Optional<DeviceSlot> slot,
        Instant since,
        String note,
        boolean sinceStart,
        Optional<InetAddress> primaryAddress) {

    /// One on its way in or out.
    public EniStatus(EniReference eni, EniPhase phase, Optional<DeviceSlot> slot, Instant since, String note) {
        this(eni, phase, slot, since, note, false, Optional.empty());
    }

    public boolean isPrimary() {
        return slot.filter(DeviceSlot::isPrimary).isPresent();
    }
}
