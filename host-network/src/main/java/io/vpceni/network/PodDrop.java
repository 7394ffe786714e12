package io.vpceni.network;

import io.vpceni.netlink.SetElements.Family;
import io.vpceni.netlink.SetElements.SetName;
import java.util.List;
import java.util.Locale;

/// Why a pod's packet was dropped on its node. The names are an interface: labels of a metric.
public enum PodDrop {
    /// Its source is not the pod's address.
    SOURCE,

    /// A router advertisement, a redirect (IPv4 or IPv6), or a path MTU message to the node: it would change
    /// the node's routes.
    ROUTER,

    /// It is sent to the node at an address that only the node itself, or only the link, has: 127.0.0.0/8,
    /// 169.254.1.1.
    NODE,

    /// It is IPv6, and pods have no IPv6 addresses.
    IPV6,

    /// It is an ARP message that announces an address that is not the pod's.
    ARP;

    /// The value of the metric's label.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String chain() {
        return "drop-" + label();
    }

    String set() {
        return "dropped-" + label();
    }

    /// The sets that count it, in the order of families.
    List<SetName> sets() {
        List<Family> families = switch (this) {
            case SOURCE, NODE -> List.of(Family.IP);
            case ROUTER -> List.of(Family.IP, Family.IP6);
            case IPV6 -> List.of(Family.IP6);
            case ARP -> List.of(Family.ARP);
        };
        return families.stream()
                .map(family -> new SetName(PodFilterRuleset.table(family), set()))
                .toList();
    }
}
