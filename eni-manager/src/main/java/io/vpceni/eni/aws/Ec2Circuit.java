package io.vpceni.eni.aws;

/// The state of the circuit breaker before EC2. A label value.
public enum Ec2Circuit {
    /// Calls are sent.
    CLOSED,
    /// Most recent calls failed: one call is sent as a test.
    HALF_OPEN,
    /// Most recent calls failed: for some seconds calls fail without being sent.
    OPEN
}
