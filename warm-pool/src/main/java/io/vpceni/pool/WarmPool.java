package io.vpceni.pool;

import io.vpceni.config.PoolSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The pool core: `(state, message, now) -> (state, effects)`.
///
/// Confined to one thread, its owner. Pure: no clock, no I/O, no logger. Times must not go backwards; a `now` before
/// the latest one is taken as the latest one.
@SuppressWarnings("DoNotCallSuggester")
public final class WarmPool {

    /// An empty pool on a node with these limits.
    public WarmPool(PoolSettings settings, NodeLimits limits) {
        throw new UnsupportedOperationException(settings.toString() + limits);
    }

    /// Takes one message and says what to do, in order.
    public List<Effect> handle(Message message, Instant now) {
        throw new UnsupportedOperationException(message.toString() + now);
    }

    /// When a [Message.Tick] would change something: a waiting ADD's deadline, a cooldown's end, a growth retry.
    public Optional<Instant> lookAgainAt() {
        throw new UnsupportedOperationException();
    }

    /// The pool as it is at that moment.
    public PoolSnapshot snapshot(Instant now) {
        throw new UnsupportedOperationException(now.toString());
    }
}
