package io.vpceni.ipamctl.print;

/// How a subcommand prints.
public enum OutputFormat {
    /// Columns, for people.
    TABLE,
    /// JSON, for programs.
    JSON
}
