/// The plugin `vpc-eni`: what the container runtime executes.
///
/// It carries the request to ipamd and the answer back, and decides nothing but what must work without ipamd. The
/// classes are translated to C by TeaVM and linked statically (ADR 2); in unit tests the same classes run on the JVM.
/// So they use little of the class library: no java.net, no java.nio, no threads, no reflection, no clock.
///
/// ## Starting points
/// - [Plugin] is the whole behaviour, given a [Posix].
/// - [IpamdCall] is one try to reach ipamd: descriptor, then gRPC.
/// - [Http2Stream] is HTTP/2 with prior knowledge, one unary call of it.
/// - `libc` holds the real [Posix], the memory and `main`; `build` makes the executable.
///
/// ## Invariants
/// - Whatever happens, stdout gets a CNI result or a CNI error object, and the exit code says which.
/// - Every wait has a bound, every buffer a maximum.
/// - Nothing is ever freed (ADR 11): what is called while the plugin waits allocates next to nothing.
@NullMarked
package io.vpceni.cni;

import org.jspecify.annotations.NullMarked;
