package io.vpceni.eni;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// IMDS did not answer what was asked. The message names the path and what to do.
public final class ImdsFailure extends IOException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public ImdsFailure(Kind kind, String path, String detail, @Nullable Throwable cause) {
        super("IMDS " + path + ": " + detail + ": " + kind.remedy(), cause);
        this.kind = kind;
    }

    /// What the caller can do about it. Logged and counted by this name.
    public Kind kind() {
        return kind;
    }

    /// Why. The remedy is what an operator reads.
    public enum Kind {
        /// No answer, after bounded retries.
        UNREACHABLE("check that the instance metadata service is enabled and reachable from the host network"),
        /// No token, or a fresh token was refused.
        UNAUTHORIZED("allow IMDSv2 in the instance's metadata options"),
        /// A key that every instance has is missing.
        NOT_FOUND("is this an EC2 instance in a VPC?"),
        /// Too many requests for the link-local service, or it fails inside.
        FAILING("the instance metadata service refuses or fails, ipamd asks again later"),
        /// The answer is not in the documented form.
        MALFORMED("not what EC2 documents for this key");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }

        /// What an operator can do, without a full stop.
        public String remedy() {
            return remedy;
        }
    }
}
