/// The plugin `vpc-eni`, which the container runtime executes.
///
/// It passes the request to ipamd and the answer back, and decides only what must work without ipamd. TeaVM
/// translates the classes to C, and they are linked statically (ADR 2). In unit tests the same classes run on the
/// JVM. So they use only a small part of the class library: no java.net, no java.nio, no threads, no reflection, no
/// clock.
///
/// ## Starting points
/// - [Plugin] is the whole behaviour, given a [Posix].
/// - [IpamdCall] is one attempt to reach ipamd: first the descriptor, then gRPC.
/// - [Http2Stream] is HTTP/2 with prior knowledge, for one unary call.
/// - `libc` has the real [Posix], the memory and `main`; `build` makes the executable.
///
/// ## Invariants
/// - In every case stdout gets a CNI result or a CNI error object, and the exit code says which.
/// - Every wait has a limit, every buffer a maximum size.
/// - Memory is never freed (ADR 11). So code that runs while the plugin waits allocates almost nothing.
@NullMarked
package io.vpceni.cni;

import org.jspecify.annotations.NullMarked;
