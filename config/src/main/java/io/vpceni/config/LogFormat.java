package io.vpceni.config;

/// How a log line looks (`VPC_ENI_LOG_FORMAT`).
public enum LogFormat {
    /// One JSON object a line, fields by name.
    JSON,
    /// For people: time, level, message, fields behind it.
    TEXT
}
