package io.vpceni.netlink;

import java.io.IOException;
import jnr.constants.platform.linux.Errno;

/// The kernel refused a request or did not answer. Has the errno as number and name, the operation, and its
/// subject.
public final class NetlinkFailure extends IOException {

    private static final long serialVersionUID = 1L;

    private final int errno;
    private final String operation;
    private final String subject;

    /// @param errno as in `errno.h`, positive
    /// @param operation the syscall or the message type, for example `RTM_NEWRULE`
    /// @param subject what the operation was about, for example `from 10.0.0.9 lookup 2`
    /// @param explanation the kernel's own text (extended acknowledgement), or empty
    public NetlinkFailure(int errno, String operation, String subject, String explanation) {
        super(operation + " " + subject + ": " + name(errno) + " (" + errno + ")"
                + (explanation.isEmpty() ? "" : ": " + explanation));
        this.errno = errno;
        this.operation = operation;
        this.subject = subject;
    }

    public int errno() {
        return errno;
    }

    /// Whether the errno is this one, for example `failure.is(Errno.EEXIST)`.
    public boolean is(Errno expected) {
        return errno == expected.intValue();
    }

    /// The errno's name, for example `EEXIST`; `errno` for a number that has no name.
    public String errnoName() {
        return name(errno);
    }

    public String operation() {
        return operation;
    }

    public String subject() {
        return subject;
    }

    private static String name(int errno) {
        for (Errno known : Errno.values()) {
            if (known.intValue() == errno) {
                return known.name();
            }
        }
        return "errno";
    }
}
