package io.vpceni.netlink;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// An address on a link.
///
/// @param linkIndex kernel interface index, 1 or more
/// @param address the address of the link
/// @param prefixBits prefix length of the network that contains the address
/// @param scope as in [Route]; 0 is global
/// @param withoutPrefixRoute true: the kernel adds no route to that network (`IFA_F_NOPREFIXROUTE`)
public record Address(int linkIndex, InetAddress address, int prefixBits, int scope, boolean withoutPrefixRoute) {

    // linux/if_addr.h
    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_FLAGS = 8;
    static final int IFA_F_NOPREFIXROUTE = 0x200;

    static Address decode(ByteBuffer in) {
        IfAddrMsg header = IfAddrMsg.decode(in);
        Attributes attributes = Attributes.decode(in);
        byte[] address = attributes
                .bytes(IFA_LOCAL)
                .or(() -> attributes.bytes(IFA_ADDRESS))
                .orElseThrow(() -> new IllegalArgumentException("RTM_NEWADDR without an address"));
        return new Address(
                header.linkIndex(),
                inet(address),
                header.prefixBits(),
                header.scope(),
                (attributes.integer(IFA_FLAGS, header.flags()) & IFA_F_NOPREFIXROUTE) != 0);
    }

    static InetAddress inet(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }

    /// `AF_INET` or `AF_INET6`, `linux/socket.h`.
    static int family(InetAddress address) {
        return address.getAddress().length == 4 ? 2 : 10;
    }
}
