package io.vpceni.config;

/// The least important event that is still logged (`AWS_VPC_K8S_CNI_LOGLEVEL`).
public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    /// Also used for `fatal`: there is no higher level here.
    ERROR
}
