package io.vpceni.lab.site;

/// The EC2 behind a lab.
public enum Ec2Choice {
    /// The project's own emulation.
    EMBEDDED,
    /// LocalStack, found or installed.
    LOCALSTACK
}
