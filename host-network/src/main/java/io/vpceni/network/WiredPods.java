package io.vpceni.network;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Link;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sandboxes that are wired and should stay so. The kernel's desired state for pods follows from them. A
/// sandbox is in it from the end of its wiring, or from the start if an earlier ipamd wired it, to the beginning
/// of its unwiring. Bounded by the node's number of addresses. May be called from any thread.
final class WiredPods {

    /// Also the lock of all three maps. Every ADD and DEL looks entries up, so there is no linear search.
    private final Map<PodIdentity, Entry> byIdentity = new LinkedHashMap<>();

    private final Map<InetAddress, Entry> byAddress = new HashMap<>();
    private final Map<Integer, Entry> byLink = new HashMap<>();

    /// One wired sandbox.
    ///
    /// @param linkIndex of the host end
    /// @param hostInterface name of the host end
    /// @param gatewayMac the MAC address that the pod permanently uses for its gateway: the host end's address
    ///     at its creation, or when it was found at start; empty: its link has none
    /// @param mtu of the pod's end, in bytes; the host end must have the same, because packets longer than the
    ///     other end's MTU are dropped between the two
    /// @param adopted the AWS VPC CNI made the host end: it has that plugin's name and not our alias
    record Entry(
            PodWiring wiring,
            int linkIndex,
            String hostInterface,
            Optional<MacAddress> gatewayMac,
            int mtu,
            boolean adopted) {

        /// An entry for a link as it is now.
        ///
        /// @param mtu of the pod's end
        static Entry of(PodWiring wiring, Link link, int mtu, boolean adopted) {
            return new Entry(
                    wiring, link.index(), link.name(), link.macs().stream().findFirst(), mtu, adopted);
        }

        PodIdentity identity() {
            return wiring.identity();
        }

        InetAddress address() {
            return wiring.address();
        }
    }

    /// A change in the kernel for a wired sandbox.
    @FunctionalInterface
    interface Work {
        void run() throws NetworkFailure;
    }

    /// Replaces an earlier entry of that identity, and an earlier entry with the same address: the sandbox of
    /// that one is gone and its DEL never arrived.
    ///
    /// @return those entries, except one with the same link: the kernel's objects for their links must be
    ///     removed
    List<Entry> add(Entry entry) {
        synchronized (byIdentity) {
            List<Entry> displaced = new ArrayList<>();
            remove(entry.identity()).ifPresent(displaced::add);
            having(entry.address()).ifPresent(other -> {
                remove(other.identity());
                displaced.add(other);
            });
            byIdentity.put(entry.identity(), entry);
            byAddress.put(entry.address(), entry);
            byLink.put(entry.linkIndex(), entry);
            displaced.removeIf(other -> other.linkIndex() == entry.linkIndex());
            return List.copyOf(displaced);
        }
    }

    /// Waits for [#whileWired] of other threads.
    Optional<Entry> remove(PodIdentity identity) {
        synchronized (byIdentity) {
            Optional<Entry> removed = Optional.ofNullable(byIdentity.remove(identity));
            removed.ifPresent(entry -> {
                byAddress.remove(entry.address(), entry);
                byLink.remove(entry.linkIndex(), entry);
            });
            return removed;
        }
    }

    /// @return false: it was removed or replaced in the meantime
    boolean remove(Entry entry) {
        synchronized (byIdentity) {
            return entry.equals(byIdentity.get(entry.identity()))
                    && remove(entry.identity()).isPresent();
        }
    }

    Optional<Entry> find(PodIdentity identity) {
        synchronized (byIdentity) {
            return Optional.ofNullable(byIdentity.get(identity));
        }
    }

    Optional<Entry> having(InetAddress address) {
        synchronized (byIdentity) {
            return Optional.ofNullable(byAddress.get(address));
        }
    }

    /// The entry whose host end is that link.
    Optional<Entry> on(int linkIndex) {
        synchronized (byIdentity) {
            return Optional.ofNullable(byLink.get(linkIndex));
        }
    }

    /// Sorted by host interface.
    List<Entry> all() {
        List<Entry> all;
        synchronized (byIdentity) {
            all = new ArrayList<>(byIdentity.values());
        }
        all.sort(Comparator.comparing(Entry::hostInterface));
        return List.copyOf(all);
    }

    /// Runs the work unless the entry was removed or replaced since. The entry is not removed meanwhile, so
    /// the work must be short: a message to the kernel, not a wait.
    ///
    /// @return whether it was done
    boolean whileWired(Entry entry, Work work) throws NetworkFailure {
        synchronized (byIdentity) {
            if (!entry.equals(byIdentity.get(entry.identity()))) {
                return false;
            }
            work.run();
            return true;
        }
    }
}
