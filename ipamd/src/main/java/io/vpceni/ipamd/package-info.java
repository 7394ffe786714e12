/// The daemon that runs on each node.
///
/// ## Starting points
/// - [Ipamd] is `main`: settings, logs, exit codes.
/// - [Daemon] starts the stages one after the other and closes them in reverse order: [PagesStage], [NodeStage] (IMDS
///   and EC2), [KernelStage], [EniSubsystem], [PoolStage], [WatchStage], [CniStage]. All of them work with one
///   [DaemonContext].
/// - `cni` answers the runtime, `owner` has the threads of pool and ENIs, `observe` shows both, `journal` has the
/// files.
/// - [KernelSource] gives the daemon its kernel; a fake one runs it without root.
///
/// ## Invariants
/// - The conflist is written only once an ADD can be served.
/// - The pool knows every sandbox of an earlier ipamd before the socket is served.
@NullMarked
package io.vpceni.ipamd;

import org.jspecify.annotations.NullMarked;
