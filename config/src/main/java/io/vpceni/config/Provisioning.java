package io.vpceni.config;

/// Who changes what EC2 has for this node.
public enum Provisioning {
    /// ipamd adds and takes away ENIs and addresses.
    ON,
    /// Somebody else does: ipamd reads EC2 and follows.
    OFF,
    /// Somebody else does: ipamd reads IMDS alone, makes no EC2 call, and follows.
    IMDS_ONLY
}
