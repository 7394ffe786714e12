package io.vpceni.pool;

/// What an ENI is there for. Only [#PODS] gives addresses to ordinary pods, grows and goes away again.
public enum EniRole {
    /// Gives its secondary addresses and prefixes to pods.
    PODS,
    /// Carries branch ENIs (`InterfaceType` `trunk`).
    TRUNK,
    /// For RDMA, with or without IP (`InterfaceType` `efa` or `efa-only`).
    EFA,
    /// Its subnet or its tags exclude it from pods: what pods have on it stays theirs until they end.
    EXCLUDED,
    /// Not managed by ipamd (tag `node.k8s.amazonaws.com/no_manage`): it only takes a device index.
    UNMANAGED
}
