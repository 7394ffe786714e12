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

/// The sandboxes that are wired and are to stay so: what the kernel should hold for pods follows from it. A
/// sandbox is in it from the end of its wiring, or from the start when an earlier ipamd wired it, to the beginning
/// of its unwiring. No more of them than the node has addresses. From any thread.
final class WiredPods {

    /// Also the lock of all three. Every ADD and DEL looks entries up, so nothing is searched for.
    private final Map<PodIdentity, Entry> byIdentity = new LinkedHashMap<>();

    private final Map<InetAddress, Entry> byAddress = new HashMap<>();
    private final Map<Integer, Entry> byLink = new HashMap<>();

    /// One wired sandbox.
    ///
    /// @param linkIndex of the host end
    /// @param hostInterface name of the host end
    /// @param gatewayMac what the pod takes its gateway to have, for ever: the host end's address at its
    ///   creation, or when it was found at the start; empty: its link has none
    /// @param mtu of the pod's end, in bytes, which the host end must have too: what is longer than the other
    ///     end's MTU is dropped between the two
    /// @param adopted the host end was made by the AWS VPC CNI: it has its name and no alias of ours
    record Entry(
            PodWiring wiring,
            int linkIndex,
            String hostInterface,
            Optional<MacAddress> gatewayMac,
            int mtu,
            boolean adopted) {

        /// Over a link as it is now.
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

    /// Something to be done to the kernel for a sandbox that is wired.
    @FunctionalInterface
    interface Work {
        void run() throws NetworkFailure;
    }

    /// Takes the place of an earlier entry of that identity, and of one that has lost the address: its sandbox is
    /// gone and its DEL never came.
    ///
    /// @return those entries, but for one over the same link: what the kernel has for their links is to go
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

    /// @return false: it was removed or replaced meanwhile
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

    /// The one whose host end is that link.
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

    /// Does it unless the entry was removed or replaced since; it is not removed meanwhile, so the work must be
    /// short: a message to the kernel, not a wait.
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
