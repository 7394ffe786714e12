package io.vpceni.lab.site;

/// Which EC2 stands behind a lab.
public enum Ec2Choice {
    /// The project's own emulation.
    EMBEDDED,
    /// LocalStack, found or installed.
    LOCALSTACK
}
