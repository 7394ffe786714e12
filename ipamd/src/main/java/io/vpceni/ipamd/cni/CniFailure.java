package io.vpceni.ipamd.cni;

import java.io.Serial;

/// A request that ends with a CNI error object. Its message becomes an event of the pod, so it says what failed, on
/// which object, and what to do.
public final class CniFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final CniErrorCode code;
    private final String details;

    /// @param details further text, the `details` of the error object; "" for none
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
