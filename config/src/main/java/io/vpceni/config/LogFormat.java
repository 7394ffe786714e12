package io.vpceni.config;

/// The format of a log line (`VPC_ENI_LOG_FORMAT`).
public enum LogFormat {
    /// One JSON object per line.
    JSON,
    /// For people: time, level, message, then the fields.
    TEXT
}
