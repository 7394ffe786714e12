package io.vpceni.ipamd.print;

/// How a subcommand prints.
public enum OutputFormat {
    /// Columns, for people.
    TABLE,
    /// JSON, for programs.
    JSON
}
