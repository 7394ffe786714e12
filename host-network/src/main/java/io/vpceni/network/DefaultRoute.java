package io.vpceni.network;

/// Whether the interface that is being wired gets the sandbox's default route.
public enum DefaultRoute {
    /// Yes, unless another interface has the default route already.
    IF_NONE,
    /// Yes, in any case. The default route of another interface stays behind it, and is used again when this
    /// interface is gone.
    ALWAYS,
    /// No. Only packets from the interface's own address leave by it.
    NEVER
}
