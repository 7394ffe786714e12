package io.vpceni.lab.simulate.port;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a mutant on the way into the pool can look at and make use of.
public interface PoolInputView {
    Instant now();

    /// The ENIs of this node with their blocks, as IMDS shows them. Each call is a look of its own.
    Map<EniId, Set<Cidr>> imds();

    /// The ENIs that EC2 has at this node.
    List<EniId> enis();

    /// The wired sandboxes.
    Map<AttachmentKey, Assignment> wired();

    Optional<Assignment> wiringOf(AttachmentKey key);

    boolean hasSandbox(AttachmentKey key);

    /// Another sandbox of the pod.
    Optional<AttachmentKey> otherSandboxOf(PodName pod, AttachmentKey key);

    long newTicket();

    /// How many ADDs have no answer.
    int waitingAdds();

    /// Asks the ENIs' owner for something, as the pool does.
    void submit(Effect.Request request);
}
