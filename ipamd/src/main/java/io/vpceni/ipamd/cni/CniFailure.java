package io.vpceni.ipamd.cni;

import java.io.Serial;

/// A request that ends with a CNI error object. Its message becomes the event of the pod: it says what happened to
/// what, and what to do.
public final class CniFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final CniErrorCode code;
    private final String details;

    /// @param details further text for the person who looks closer; empty for none
    public CniFailure(CniErrorCode code, String message, String details) {
        super(message);
        this.code = code;
        this.details = details;
    }

    public CniFailure(CniErrorCode code, String message) {
        this(code, message, "");
    }

    public CniFailure(CniErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = "";
    }

    public CniErrorCode code() {
        return code;
    }

    public String details() {
        return details;
    }
}
