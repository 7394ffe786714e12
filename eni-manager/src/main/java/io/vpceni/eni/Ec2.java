package io.vpceni.eni;

/// EC2, as far as one node needs it. Thread-safe.
public interface Ec2 {

    /// Makes one call, once. Blocks, for seconds perhaps.
    ///
    /// @return the answer that the call names
    /// @throws Ec2Failure when EC2 did not do it, or may not have done it
    Ec2Answer perform(Ec2Call call) throws Ec2Failure;
}
