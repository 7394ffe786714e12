package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import java.time.Instant;
import java.util.Optional;

/// One sandbox of the container runtime. Changed by [SimRuntime] only.
public final class SimSandbox {
    /// How far a sandbox is.
    public enum Phase {
        /// Its ADD waits for an answer.
        ADDING,
        /// It was given an address and is not wired yet.
        GRANTED,
        /// It runs.
        UP,
        /// Its DEL began and did not end.
        DELETING,
        /// Its DEL has to be sent again.
        DEL_AGAIN
    }

    private final AttachmentKey key;
    private final PodName pod;
    Phase phase = Phase.ADDING;
    Optional<Assignment> has = Optional.empty();
    Instant wiredAt = Instant.MAX;

    /// Somebody deleted its link: it has no address any more.
    boolean cutOff;

    int place;

    public SimSandbox(AttachmentKey key, PodName pod) {
        this.key = key;
        this.pod = pod;
    }

    public AttachmentKey key() {
        return key;
    }

    public PodName pod() {
        return pod;
    }
}
