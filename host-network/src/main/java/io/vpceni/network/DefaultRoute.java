package io.vpceni.network;

/// Whether a sandbox's packets leave by an interface that is being wired when nothing else says where they go.
public enum DefaultRoute {
    /// Unless another interface has the default route already.
    IF_NONE,
    /// Also then; the other one's stays behind it and counts again once this interface is gone.
    ALWAYS,
    /// Only packets from the interface's own address leave by it.
    NEVER
}
