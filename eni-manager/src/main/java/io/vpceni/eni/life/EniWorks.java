package io.vpceni.eni.life;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All ENIs of this node: who is where in its life, and what comes next. Mutable, confined to its owner.
public final class EniWorks {

    /// Takes one message and says what is to be done.
    public List<EniEffect> handle(EniMessage message, Instant now) {
        return List.of();
    }

    /// When a [EniMessage.Tick] is wanted; empty when only news can change anything.
    public Optional<Instant> lookAgainAt() {
        return Optional.empty();
    }
}
