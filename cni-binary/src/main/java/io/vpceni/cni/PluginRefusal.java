package io.vpceni.cni;

/// A request that ends with a CNI error object (CNI 1.1, section 5 "Error").
final class PluginRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    static final int INVALID_ENVIRONMENT = 4;
    static final int IO_FAILURE = 5;
    static final int UNDECODABLE = 6;
    static final int INVALID_CONFIGURATION = 7;
    static final int TRY_AGAIN_LATER = 11;
    static final int NOT_AVAILABLE = 50;
    static final int INTERNAL = 100;

    private final int code;

    PluginRefusal(int code, String message) {
        super(message, null, false, false); // nobody reads the stack
        this.code = code;
    }

    int code() {
        return code;
    }
}
