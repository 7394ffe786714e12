/// Access to the Linux kernel: netlink messages byte by byte, the sockets that carry them, network namespaces, and
/// nftables rule sets as JSON.
///
/// ## Starting points
/// - [NetlinkSocket] sends a [NetlinkRequest] and reads the kernel's answer.
/// - [Netns#call] runs code in another network namespace, on a thread that ends afterwards.
///
/// ## Invariants
/// - jnr-ffi only makes syscalls and loads libnftables. Every message is encoded and decoded here, from the
///   kernel's headers, and is tested without a kernel.
/// - errno is read directly after its call, on a platform thread. Virtual threads are refused.
/// - A thread that entered a foreign namespace either returns ([NetnsSwitch]) or ends there ([Netns]).
/// - A thread in a foreign namespace wakes no virtual thread. Waking one may start a carrier thread, and a new
///   thread inherits the namespace of the thread that starts it. Results are passed on with monitors, because the
///   JVM wakes virtual threads that wait on a monitor from one of its own threads.
@NullMarked
package io.vpceni.netlink;

import org.jspecify.annotations.NullMarked;
