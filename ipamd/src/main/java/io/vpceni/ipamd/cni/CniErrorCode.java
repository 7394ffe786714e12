package io.vpceni.ipamd.cni;

/// The `code` of a CNI error object: CNI 1.1, section 5 "Error", and from 100 on our own, listed in the README.
public enum CniErrorCode {
    INCOMPATIBLE_VERSION(1),
    INVALID_ENVIRONMENT(4),
    IO_FAILURE(5),
    UNDECODABLE(6),
    INVALID_CONFIGURATION(7),
    /// The runtime should try again later: an address may become free, EC2 may answer.
    TRY_AGAIN_LATER(11),
    /// STATUS: an ADD would fail now.
    NOT_AVAILABLE(50),
    /// A bug of ipamd; the text says what to do.
    INTERNAL(100),
    /// CNI_IFNAME exists in the sandbox and is not ours.
    INTERFACE_EXISTS(101),
    /// CHECK: the sandbox is not as its ADD made it; the text names each difference.
    DIFFERENT(102);

    private final int code;

    CniErrorCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /// Whether the same request can never succeed.
    boolean isOfTheRequest() {
        return switch (this) {
            case INCOMPATIBLE_VERSION, INVALID_ENVIRONMENT, UNDECODABLE, INVALID_CONFIGURATION -> true;
            case IO_FAILURE, TRY_AGAIN_LATER, NOT_AVAILABLE, INTERNAL, INTERFACE_EXISTS, DIFFERENT -> false;
        };
    }
}
