package io.vpceni.lab.ec2;

/// Stands in front of every action and may refuse a request before its parameters are read.
@FunctionalInterface
interface Admission {
    /// @throws io.vpceni.lab.ec2.query.Ec2Refusal if the request is not let in
    void admit(ApiCall call);
}
