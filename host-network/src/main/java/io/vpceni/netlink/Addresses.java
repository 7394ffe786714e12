package io.vpceni.netlink;

/// Requests for the addresses of links.
public final class Addresses {

    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;

    private Addresses() {}

    /// Equivalent to: `ip addr add <address>/<bits> dev <link> [noprefixroute]`. EEXIST: the address exists.
    public static NetlinkRequest add(Address address) {
        return change(RTM_NEWADDR, "RTM_NEWADDR", NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL, address);
    }

    /// Equivalent to: `ip addr del <address>/<bits> dev <link>`.
    public static NetlinkRequest delete(Address address) {
        return change(RTM_DELADDR, "RTM_DELADDR", 0, address);
    }

    /// Equivalent to: `ip -4 addr show`.
    public static NetlinkRequest list() {
        return NetlinkRequest.of(
                22,
                "RTM_GETADDR",
                NetlinkRequest.NLM_F_DUMP,
                "all IPv4 addresses",
                out -> new IfAddrMsg(2, 0, 0, 0, 0).encode(out));
    }

    private static NetlinkRequest change(int type, String typeName, int flags, Address address) {
        String subject =
                address.address().getHostAddress() + "/" + address.prefixBits() + " dev " + address.linkIndex();
        return NetlinkRequest.of(type, typeName, flags, subject, out -> {
            new IfAddrMsg(
                            Address.family(address.address()),
                            address.prefixBits(),
                            0,
                            address.scope(),
                            address.linkIndex())
                    .encode(out);
            Attributes.put(out, Address.IFA_LOCAL, address.address().getAddress());
            if (address.withoutPrefixRoute()) {
                Attributes.putInt(out, Address.IFA_FLAGS, Address.IFA_F_NOPREFIXROUTE);
            }
            Attributes.put(out, Address.IFA_ADDRESS, address.address().getAddress());
        });
    }
}
