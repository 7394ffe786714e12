package io.vpceni.config;

/// The least important event that is still logged (`AWS_VPC_K8S_CNI_LOGLEVEL`).
public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    /// Also what `fatal` means: there is nothing above it here.
    ERROR
}
