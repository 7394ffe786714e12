/// Logging: one event a line on stdout, as JSON or as text, with the same fields.
///
/// Code logs through SLF4J's fluent API: a fixed sentence and key-value pairs
/// (`log.atInfo().addKeyValue("eni", id).log("Attached ENI")`).
///
/// Starting point: [LogSetup].
@NullMarked
package io.vpceni.ipamd.log;

import org.jspecify.annotations.NullMarked;
