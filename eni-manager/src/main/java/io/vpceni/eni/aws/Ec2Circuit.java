package io.vpceni.eni.aws;

/// Whether EC2 is asked at all. A label value.
public enum Ec2Circuit {
    /// It is.
    CLOSED,
    /// Most calls failed a moment ago: one is made to see whether it goes again.
    HALF_OPEN,
    /// Most calls failed: EC2 is left alone for some seconds, and calls fail as not sent.
    OPEN
}
