package io.vpceni.lab.simulate.port;

import io.vpceni.config.AttachmentKey;
import java.util.Optional;

/// What a mutant on the way to the runtime can look at.
public interface AnswerView {
    /// Which attachment the ADD with that ticket was for.
    Optional<AttachmentKey> keyOf(long ticket);

    boolean isWired(AttachmentKey key);
}
