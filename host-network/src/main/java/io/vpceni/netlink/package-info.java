/// Talking to the Linux kernel: route netlink messages byte for byte, the sockets that carry them, network namespaces,
/// and nftables rule sets as JSON.
///
/// ## Starting points
/// - [Netns#call] runs something in another network namespace, on a thread that dies afterwards.
///
/// ## Invariants
/// - jnr-ffi makes syscalls (and loads libnftables), nothing else: every message is encoded and decoded here, from the
///   kernel's headers, and is tested without a kernel.
/// - errno is read next to its call, on a platform thread; a virtual thread is refused.
/// - `setns` is called in one place, on a thread that never leaves the namespace again: it ends there.
/// - A thread in a foreign namespace wakes no virtual thread: waking one may start a carrier thread, and a thread
///   is born into the namespace of its parent. Results are handed over with monitors, whose virtual waiters the
///   JVM wakes from a thread of its own.
@NullMarked
package io.vpceni.netlink;

import org.jspecify.annotations.NullMarked;
