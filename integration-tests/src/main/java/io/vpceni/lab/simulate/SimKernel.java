package io.vpceni.lab.simulate;

import io.vpceni.pool.Assignment;
import io.vpceni.pool.AttachmentKey;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which sandboxes are wired, with which address.
final class SimKernel {
    private final Map<AttachmentKey, Assignment> wired = new LinkedHashMap<>();
    private final Map<InetAddress, AttachmentKey> held = new LinkedHashMap<>();

    void wire(Assignment assignment) {
        wired.put(assignment.key(), assignment);
        held.put(assignment.address(), assignment.key());
    }

    /// Takes the wiring away; nothing happens when there is none.
    Optional<Assignment> unwire(AttachmentKey key) {
        Optional<Assignment> was = Optional.ofNullable(wired.remove(key));
        was.ifPresent(assignment -> held.remove(assignment.address(), key));
        return was;
    }

    Optional<Assignment> wiringOf(AttachmentKey key) {
        return Optional.ofNullable(wired.get(key));
    }

    Map<AttachmentKey, Assignment> wired() {
        return wired;
    }

    Map<InetAddress, AttachmentKey> held() {
        return held;
    }
}
