package io.vpceni.pool.policy;

/// What a policy asks for. At most one of the two numbers is above 0.
///
/// @param more addresses that are missing beyond what is here and on its way; 0 or more. The pool rounds up to whole
///     blocks (or ENIs), and never past the caps
/// @param fewer addresses that may go; 0 or more. The pool rounds down to whole blocks (or ENIs) that are idle
/// @param unit whether growth and shrinking round to blocks or to whole ENIs
/// @param because the arithmetic in words, for people
public record WarmTarget(int more, int fewer, Unit unit, Because because) {

    /// What growth and shrinking round to.
    public enum Unit {
        /// Addresses or prefixes one at a time.
        BLOCK,
        /// Growth fills ENIs; only whole ENIs go away.
        ENI
    }

    /// Made into text only when somebody asks: policies run on every message.
    @FunctionalInterface
    public interface Because {
        String text();
    }

    /// @throws IllegalArgumentException when a number is negative or both are above 0
    public WarmTarget {
        if (more < 0 || fewer < 0 || (more > 0 && fewer > 0)) {
            throw new IllegalArgumentException("more " + more + ", fewer " + fewer);
        }
    }
}
