package io.vpceni.ipamd.ctl;

/// How a subcommand prints.
public enum OutputFormat {
    /// Columns, for people.
    TABLE,
    /// JSON, for programs.
    JSON
}
