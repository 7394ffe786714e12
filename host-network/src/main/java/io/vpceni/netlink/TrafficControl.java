package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads queueing disciplines and filters of links (`linux/rtnetlink.h`, `linux/pkt_sched.h`).
public final class TrafficControl {

    private static final int RTM_NEWQDISC = 36;
    private static final int RTM_GETQDISC = 38;
    private static final int RTM_NEWTFILTER = 44;
    private static final int RTM_GETTFILTER = 46;
    private static final int TCA_KIND = 1;

    /// `TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)` and `..._EGRESS`.
    private static final int INGRESS = 0xfffffff2;

    private static final int EGRESS = 0xfffffff3;

    /// @param kind for example `clsact`
    public record Qdisc(int linkIndex, String kind) {}

    private TrafficControl() {}

    /// Equivalent to: `tc qdisc show`. All links.
    public static List<Qdisc> qdiscs(NetlinkSocket socket) throws NetlinkFailure {
        return socket.dump(
                NetlinkRequest.of(
                        RTM_GETQDISC, "RTM_GETQDISC", NetlinkRequest.NLM_F_DUMP, "all", out -> header(out, 0, 0)),
                RTM_NEWQDISC,
                TrafficControl::decode);
    }

    /// Equivalent to: `tc filter show dev <link> ingress`, and `egress`. Returns kinds, for example `bpf`, one
    /// or more times for each filter.
    public static List<String> filterKinds(NetlinkSocket socket, int linkIndex) throws NetlinkFailure {
        List<String> kinds = new ArrayList<>();
        for (int parent : new int[] {INGRESS, EGRESS}) {
            socket.dump(
                            NetlinkRequest.of(
                                    RTM_GETTFILTER,
                                    "RTM_GETTFILTER",
                                    NetlinkRequest.NLM_F_DUMP,
                                    "link " + linkIndex,
                                    out -> header(out, linkIndex, parent)),
                            RTM_NEWTFILTER,
                            TrafficControl::decode)
                    .forEach(filter -> kinds.add(filter.kind()));
        }
        return kinds;
    }

    /// `struct tcmsg`: `unsigned char tcm_family; unsigned char tcm__pad1; unsigned short tcm__pad2; int tcm_ifindex;
    /// __u32 tcm_handle; __u32 tcm_parent; __u32 tcm_info;`
    private static void header(ByteBuffer out, int linkIndex, int parent) {
        out.putInt(0).putInt(linkIndex).putInt(0).putInt(parent).putInt(0);
    }

    private static Qdisc decode(ByteBuffer in) {
        int linkIndex = in.getInt(in.position() + Integer.BYTES);
        in.position(in.position() + 5 * Integer.BYTES);
        return new Qdisc(linkIndex, Attributes.decode(in).text(TCA_KIND));
    }
}
