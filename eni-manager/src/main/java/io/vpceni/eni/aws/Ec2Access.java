package io.vpceni.eni.aws;

import java.time.Duration;
import java.util.List;

/// How this node calls EC2.
///
/// @param clockAhead this node's clock minus EC2's, by the last answer; zero when the difference is below
///     [#CLOCK_OFF_MIN]
/// @param proxies the proxies in use, without passwords; empty: none
public record Ec2Access(CredentialsReport credentials, Duration clockAhead, List<String> proxies) {

    /// Smaller differences are not significant: an answer's time has whole seconds and a delay.
    public static final Duration CLOCK_OFF_MIN = Duration.ofSeconds(30);

    public Ec2Access {
        proxies = List.copyOf(proxies);
    }

    /// "this node's clock is 612 s behind EC2's"; "" when it is right.
    public String clock() {
        return clockAhead.isZero()
                ? ""
                : "this node's clock is " + clockAhead.abs().toSeconds() + " s "
                        + (clockAhead.isNegative() ? "behind" : "ahead of") + " EC2's";
    }
}
