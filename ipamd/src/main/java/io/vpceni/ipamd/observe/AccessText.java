package io.vpceni.ipamd.observe;

import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.Ec2Access;
import java.time.Instant;
import java.util.Optional;

/// Credentials, clock and proxies of EC2 calls, in sentences without secrets (an access key's id is none).
final class AccessText {
    private AccessText() {}

    static String credentials(CredentialsReport report, Instant now) {
        if (!report.failure().isEmpty()) {
            return "EC2 cannot be called since " + report.since() + ": " + report.failure() + ".";
        }
        String source = report.source().words() + (report.identity().isEmpty() ? "" : ", " + report.identity());
        if (report.accessKeyId().isEmpty()) {
            return "Credentials: " + source + "; not asked for yet.";
        }
        return "Credentials: " + source + ", access key " + report.accessKeyId() + end(report, now) + ".";
    }

    private static String end(CredentialsReport report, Instant now) {
        return report.expires()
                .map(end -> report.expired(now)
                        ? ", expired since " + end
                                + ": their source returned no newer ones; check it and this node's clock"
                        : ", until " + end)
                .orElse(", without an end");
    }

    static Optional<String> clock(Ec2Access access) {
        return Optional.of(access.clock())
                .filter(text -> !text.isEmpty())
                .map(text -> text.replaceFirst("^t", "T") + ": set it, EC2 refuses what is 15 minutes off.");
    }

    static Optional<String> proxies(Ec2Access access) {
        return access.proxies().isEmpty()
                ? Optional.empty()
                : Optional.of("Proxies: " + String.join("; ", access.proxies()) + ".");
    }

    /// Why there are no credentials; empty when there are.
    static Optional<String> missing(CredentialsReport report) {
        return Optional.of(report.failure()).filter(text -> !text.isEmpty());
    }
}
