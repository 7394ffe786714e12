/// The daemon that runs on each node.
///
/// ## Starting points
/// - [Ipamd] is `main`: settings, logs, exit codes.
/// - [Daemon] builds the graph, top to bottom, and closes it bottom to top: reading it is reading the architecture.
/// - `cni` answers the runtime, `owner` holds the pool, `observe` shows it, `ctl` is `ipamctl`.
///
/// ## Invariants
/// - The conflist is written only once an ADD can be served.
/// - The pool knows every sandbox of an earlier life before the socket is served.
@NullMarked
package io.vpceni.ipamd;

import org.jspecify.annotations.NullMarked;
