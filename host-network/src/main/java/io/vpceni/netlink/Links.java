package io.vpceni.netlink;

import io.vpceni.config.MacAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// Requests for links.
public final class Links {

    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWLINKPROP = 108;

    // linux/if_link.h
    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_IFALIAS = 20;
    static final int IFLA_AF_SPEC = 26;
    static final int IFLA_GROUP = 27;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_EXT_MASK = 29;
    private static final int IFLA_NUM_TX_QUEUES = 31;
    private static final int IFLA_NUM_RX_QUEUES = 32;
    static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_TARGET_NETNSID = 46;
    private static final int IFLA_PROP_LIST = 52 | Attributes.NESTED;
    private static final int IFLA_ALT_IFNAME = 53;
    static final int IFLA_PERM_ADDRESS = 54;
    static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1; // linux/veth.h
    static final int AF_INET = 2;
    static final int IFLA_INET_CONF = 1;
    private static final int RTEXT_FILTER_SKIP_STATS = 8; // linux/rtnetlink.h

    /// Settings of one link, as under `/proc/sys/net/ipv4/conf/<link>/`; `linux/ip.h`, `IPV4_DEVCONF_*`.
    public enum Ipv4Setting {
        FORWARDING(1),
        PROXY_ARP(3),
        RP_FILTER(8);

        private final int number;

        Ipv4Setting(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        /// Its name under `/proc/sys/net/ipv4/conf/<link>/`.
        public String sysctl() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One end of a veth pair.
    ///
    /// @param mtu in bytes
    public record VethEnd(String name, MacAddress mac, int mtu) {}

    private Links() {}

    /// Creates a pair with both ends up, the peer directly in its namespace. Equivalent to: `ip link add
    /// <host> mtu .. address .. up group <group> type veth peer name <pod> mtu .. address .. netns ..`, with
    /// the peer up too. EEXIST: one of the names is taken.
    ///
    /// @param group of the host's end, from its creation on
    public static NetlinkRequest addVeth(VethEnd host, VethEnd pod, NetnsFd podNetns, int group) {
        return addVeth(host, pod, podNetns.number(), group);
    }

    static NetlinkRequest addVeth(VethEnd host, VethEnd pod, int podNetnsFd, int group) {
        IfInfoMsg up = new IfInfoMsg(0, IfInfoMsg.IFF_UP, IfInfoMsg.IFF_UP);
        return NetlinkRequest.of(
                RTM_NEWLINK,
                "RTM_NEWLINK",
                NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL,
                host.name() + " type veth peer name " + pod.name(),
                out -> {
                    up.encode(out);
                    putEnd(out, host);
                    Attributes.putInt(out, IFLA_GROUP, group);
                    Attributes.putText(out, IFLA_IFNAME, host.name());
                    Attributes.nest(out, IFLA_LINKINFO, info -> {
                        Attributes.put(info, IFLA_INFO_KIND, "veth".getBytes(StandardCharsets.US_ASCII));
                        Attributes.nest(
                                info,
                                IFLA_INFO_DATA,
                                kindData -> Attributes.nest(kindData, VETH_INFO_PEER, peer -> {
                                    new IfInfoMsg(0, 0, 0).encode(peer);
                                    putEnd(peer, pod);
                                    Attributes.putInt(peer, IFLA_NET_NS_FD, podNetnsFd);
                                    Attributes.putText(peer, IFLA_IFNAME, pod.name());
                                }));
                    });
                });
    }

    /// One queue in each direction: packets cross a veth without queueing, and each queue costs an object in
    /// sysfs. The kernel's default is one queue for each processor.
    private static void putEnd(ByteBuffer out, VethEnd end) {
        Attributes.putInt(out, IFLA_MTU, end.mtu());
        Attributes.putInt(out, IFLA_NUM_TX_QUEUES, 1);
        Attributes.putInt(out, IFLA_NUM_RX_QUEUES, 1);
        Attributes.put(out, IFLA_ADDRESS, end.mac().bytes());
    }

    /// Equivalent to: `ip link set dev <link> alias <alias>`, and `sysctl
    /// net.ipv4.conf.<link>.<setting>=<value>` for each.
    public static NetlinkRequest setAlias(int index, String alias, Map<Ipv4Setting, Integer> settings) {
        return NetlinkRequest.of(RTM_SETLINK, "RTM_SETLINK", 0, "link " + index + " alias", out -> {
            new IfInfoMsg(index, 0, 0).encode(out);
            Attributes.put(out, IFLA_IFALIAS, alias.getBytes(StandardCharsets.US_ASCII));
            putSettings(out, settings);
        });
    }

    /// Equivalent to: `ip link set dev <link> mtu <mtu> up`, and `sysctl
    /// net.ipv4.conf.<link>.<setting>=<value>` for each.
    public static NetlinkRequest setUp(int index, int mtu, Map<Ipv4Setting, Integer> settings) {
        return NetlinkRequest.of(RTM_SETLINK, "RTM_SETLINK", 0, "link " + index + " mtu " + mtu + " up", out -> {
            new IfInfoMsg(index, IfInfoMsg.IFF_UP, IfInfoMsg.IFF_UP).encode(out);
            Attributes.putInt(out, IFLA_MTU, mtu);
            putSettings(out, settings);
        });
    }

    /// Equivalent to: `sysctl net.ipv4.conf.<link>.<setting>=<value>` for each.
    public static NetlinkRequest set(int index, Map<Ipv4Setting, Integer> settings) {
        return NetlinkRequest.of(RTM_SETLINK, "RTM_SETLINK", 0, "link " + index + " " + settings, out -> {
            new IfInfoMsg(index, 0, 0).encode(out);
            putSettings(out, settings);
        });
    }

    /// Equivalent to: `ip link set dev <link> address <mac>`.
    public static NetlinkRequest setMac(int index, MacAddress mac) {
        return NetlinkRequest.of(RTM_SETLINK, "RTM_SETLINK", 0, "link " + index + " address " + mac, out -> {
            new IfInfoMsg(index, 0, 0).encode(out);
            Attributes.put(out, IFLA_ADDRESS, mac.bytes());
        });
    }

    /// Equivalent to: `ip link set dev <link> up`.
    public static NetlinkRequest setUp(int index) {
        return NetlinkRequest.of(
                RTM_SETLINK,
                "RTM_SETLINK",
                0,
                "link " + index + " up",
                out -> new IfInfoMsg(index, IfInfoMsg.IFF_UP, IfInfoMsg.IFF_UP).encode(out));
    }

    /// Equivalent to: `ip link set dev <link> group <group>`.
    public static NetlinkRequest setGroup(int index, int group) {
        return NetlinkRequest.of(RTM_SETLINK, "RTM_SETLINK", 0, "link " + index + " group " + group, out -> {
            new IfInfoMsg(index, 0, 0).encode(out);
            Attributes.putInt(out, IFLA_GROUP, group);
        });
    }

    /// Equivalent to: `ip link property add dev <link> altname <name>`; Linux 5.5. EEXIST: a link already has
    /// that name, as first or additional name. EOPNOTSUPP: the kernel is older.
    public static NetlinkRequest addAltName(int index, String name) {
        return NetlinkRequest.of(
                RTM_NEWLINKPROP,
                "RTM_NEWLINKPROP",
                NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL | NetlinkRequest.NLM_F_APPEND,
                "link " + index + " altname " + name,
                out -> {
                    new IfInfoMsg(index, 0, 0).encode(out);
                    Attributes.nest(out, IFLA_PROP_LIST, names -> Attributes.putText(names, IFLA_ALT_IFNAME, name));
                });
    }

    private static void putSettings(ByteBuffer out, Map<Ipv4Setting, Integer> settings) {
        Attributes.nest(
                out,
                IFLA_AF_SPEC,
                families -> Attributes.nest(
                        families,
                        AF_INET,
                        inet -> Attributes.nest(
                                inet,
                                IFLA_INET_CONF,
                                conf -> settings.entrySet().stream()
                                        .sorted(Map.Entry.comparingByKey())
                                        .forEach(setting -> Attributes.putInt(
                                                conf, setting.getKey().number, setting.getValue())))));
    }

    /// Equivalent to: `ip link del dev <link>`. About 16 ms.
    public static NetlinkRequest delete(int index) {
        return NetlinkRequest.of(
                RTM_DELLINK, "RTM_DELLINK", 0, "link " + index, out -> new IfInfoMsg(index, 0, 0).encode(out));
    }

    /// Equivalent to: `ip link del group <group>`: deletes all of them in the time of one. ENODEV: there was
    /// none.
    public static NetlinkRequest deleteGroup(int group) {
        return NetlinkRequest.of(RTM_DELLINK, "RTM_DELLINK", 0, "group " + group, out -> {
            new IfInfoMsg(0, 0, 0).encode(out);
            Attributes.putInt(out, IFLA_GROUP, group);
        });
    }

    /// Equivalent to: `ip link show`, for one index. ENODEV: there is none.
    public static NetlinkRequest get(int index) {
        return NetlinkRequest.of(RTM_GETLINK, "RTM_GETLINK", 0, "link " + index, out -> {
            new IfInfoMsg(index, 0, 0).encode(out);
            Attributes.putInt(out, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        });
    }

    /// The link with that index in another namespace. Linux 4.20. ENODEV: there is none; EINVAL: no such
    /// namespace id.
    ///
    /// @param netns id of the namespace, as `link-netnsid` of `ip link show`
    public static NetlinkRequest getIn(int netns, int index) {
        return NetlinkRequest.of(RTM_GETLINK, "RTM_GETLINK", 0, "link " + index + " of netns " + netns, out -> {
            new IfInfoMsg(index, 0, 0).encode(out);
            Attributes.putInt(out, IFLA_TARGET_NETNSID, netns);
            Attributes.putInt(out, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        });
    }

    /// Equivalent to: `ip link show dev <name>`. From Linux 5.5 on it also finds additional names. ENODEV:
    /// there is none.
    public static NetlinkRequest get(String name) {
        return NetlinkRequest.of(RTM_GETLINK, "RTM_GETLINK", 0, name, out -> {
            new IfInfoMsg(0, 0, 0).encode(out);
            Attributes.putText(out, IFLA_IFNAME, name);
            Attributes.putInt(out, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        });
    }

    /// Equivalent to: `ip link show`.
    public static NetlinkRequest list() {
        return NetlinkRequest.of(RTM_GETLINK, "RTM_GETLINK", NetlinkRequest.NLM_F_DUMP, "all links", out -> {
            new IfInfoMsg(0, 0, 0).encode(out);
            Attributes.putInt(out, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        });
    }
}
