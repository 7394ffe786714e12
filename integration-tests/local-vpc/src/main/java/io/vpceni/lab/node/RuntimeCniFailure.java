package io.vpceni.lab.node;

import java.io.IOException;

/// The plugin failed and said so in CNI's own form (CNI specification 1.1.0, section 5, "Error").
public final class RuntimeCniFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    RuntimeCniFailure(String command, String pod, int code, String message) {
        super("CNI " + command + " of " + pod + " failed with code " + code + ": " + message);
        this.code = code;
    }

    /// CNI's error code; 999 when the plugin's answer was not CNI's.
    public int code() {
        return code;
    }
}
