package io.vpceni.lab.ec2;

/// Who sent a request, as its access key tells.
sealed interface Caller {
    /// The lab itself, or a person with one of its keys.
    ///
    /// @param user the IAM user's name
    record Administrator(String user) implements Caller {}

    /// The role of an instance, with the credentials of its metadata service.
    record Node(String instanceId) implements Caller {}
}
