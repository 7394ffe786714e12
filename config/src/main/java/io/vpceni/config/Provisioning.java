package io.vpceni.config;

/// Who creates and removes ENIs and addresses for this node in EC2.
public enum Provisioning {
    /// ipamd.
    ON,
    /// Someone else: ipamd reads EC2 and uses what it finds.
    OFF,
    /// Someone else: ipamd reads only IMDS, makes no EC2 call, and uses what it finds.
    IMDS_ONLY
}
