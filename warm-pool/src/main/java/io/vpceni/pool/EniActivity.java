package io.vpceni.pool;

import java.time.Instant;
import java.util.Optional;

/// What goes on with an ENI. Immutable. At most one request about an ENI is pending.
sealed interface EniActivity {

    /// Nothing.
    record Idle() implements EniActivity {}

    /// EC2 was asked for more blocks on it.
    ///
    /// @param blocks how many; 1 or more
    record Growing(int blocks) implements EniActivity {}

    /// It is to be removed with all its blocks, which are in quarantine; nothing was asked yet.
    ///
    /// @param verifyAt of an ENI without blocks, when EC2 and the kernel are to be asked; else its blocks tell
    record RemovalPlanned(Optional<Instant> verifyAt) implements EniActivity {}

    /// EC2 and the kernel were asked about it.
    ///
    /// @param removal the plan to remove it as a whole, if there is one; else only blocks of it go
    record Verifying(Optional<RemovalPlanned> removal) implements EniActivity {}

    /// EC2 was asked to take blocks of it back.
    record Returning() implements EniActivity {}

    /// EC2 was asked to take it away.
    record Removing() implements EniActivity {}

    /// Whether a request about it is pending.
    default boolean isPending() {
        return switch (this) {
            case Idle _, RemovalPlanned _ -> false;
            case Growing _, Verifying _, Returning _, Removing _ -> true;
        };
    }

    /// Whether it is to go away as a whole.
    default boolean isRemoval() {
        return switch (this) {
            case RemovalPlanned _, Removing _ -> true;
            case Verifying(Optional<RemovalPlanned> removal) -> removal.isPresent();
            case Idle _, Growing _, Returning _ -> false;
        };
    }

    /// The plan to remove it as a whole.
    default Optional<RemovalPlanned> plannedRemoval() {
        return switch (this) {
            case RemovalPlanned planned -> Optional.of(planned);
            case Verifying(Optional<RemovalPlanned> removal) -> removal;
            case Idle _, Growing _, Returning _, Removing _ -> Optional.empty();
        };
    }
}
