package io.vpceni.lab.ec2;

/// A check before every action, which can refuse a request before its parameters are read.
@FunctionalInterface
interface Admission {
    /// @throws io.vpceni.lab.ec2.query.Ec2Refusal if the request is refused
    void admit(ApiCall call);
}
