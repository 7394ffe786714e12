package io.vpceni.network;

import io.vpceni.config.MacAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Frames of one pod, byte for byte: Ethernet, and in it what the pod likes.
///
/// @param pod source
/// @param host destination: the host end of the pod's link
record Frames(MacAddress pod, MacAddress host) {

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int HOP_LIMIT = 255; // what neighbour discovery wants
    private static final InetAddress ALL_NODES = InetAddress.ofLiteral("ff02::1");
    private static final MacAddress ALL_NODES_MAC = MacAddress.parse("33:33:00:00:00:01");

    /// An empty datagram. IPv4: without a checksum, which is optional.
    byte[] udp(String source, String destination, int port) {
        InetAddress from = InetAddress.ofLiteral(source);
        InetAddress to = InetAddress.ofLiteral(destination);
        ByteBuffer datagram = ByteBuffer.allocate(8)
                .putShort((short) port)
                .putShort((short) port)
                .putShort((short) 8)
                .putShort((short) 0);
        if (to.getAddress().length == 4) {
            return ethernet(host, ETHERTYPE_IPV4, ipv4(from, to, UDP, datagram.array()));
        }
        return ethernet(host, ETHERTYPE_IPV6, ipv6(from, to, UDP, datagram.array(), 6));
    }

    /// ICMP type 5: whoever sent to that address should do it by that gateway (RFC 792).
    byte[] redirect(String source, String destination, String forWhom, String gateway) {
        byte[] original = ipv4(InetAddress.ofLiteral(destination), InetAddress.ofLiteral(forWhom), UDP, new byte[8]);
        ByteBuffer message = ByteBuffer.allocate(8 + original.length)
                .put((byte) 5)
                .put((byte) 1)
                .putShort((short) 0)
                .put(InetAddress.ofLiteral(gateway).getAddress())
                .put(original);
        message.putShort(2, checksum(message.array(), 0));
        return ethernet(
                host,
                ETHERTYPE_IPV4,
                ipv4(InetAddress.ofLiteral(source), InetAddress.ofLiteral(destination), ICMP, message.array()));
    }

    /// ICMP type 3, code 4 (RFC 1191): packets of the destination's to that address were too long.
    byte[] pathMtu(String source, String destination, String to, int mtu) {
        byte[] original = ipv4(
                InetAddress.ofLiteral(destination), InetAddress.ofLiteral(to), ICMP, new byte[] {0, 0, 0, 0, 0, 0, 0, 0
                });
        ByteBuffer message = ByteBuffer.allocate(8 + original.length)
                .put((byte) 3)
                .put((byte) 4)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) mtu)
                .put(original);
        message.putShort(2, checksum(message.array(), 0));
        return ethernet(
                host,
                ETHERTYPE_IPV4,
                ipv4(InetAddress.ofLiteral(source), InetAddress.ofLiteral(destination), ICMP, message.array()));
    }

    /// ICMPv6 type 134: the sender is a router for the next half hour (RFC 4861).
    byte[] routerAdvertisement(String source) {
        byte[] message = ByteBuffer.allocate(16)
                .put((byte) 134)
                .put((byte) 0)
                .putShort((short) 0)
                .put((byte) 64)
                .put((byte) 0)
                .putShort((short) 1800)
                .array();
        byte[] packet = ipv6(InetAddress.ofLiteral(source), ALL_NODES, ICMPV6, message, 2);
        return ethernet(ALL_NODES_MAC, ETHERTYPE_IPV6, packet);
    }

    /// ICMPv6 type 137: that destination is to be reached by that target (RFC 4861).
    byte[] redirect6(String source, String destination, String forWhom, String target) {
        byte[] message = ByteBuffer.allocate(40)
                .put((byte) 137)
                .position(8)
                .put(InetAddress.ofLiteral(target).getAddress())
                .put(InetAddress.ofLiteral(forWhom).getAddress())
                .array();
        byte[] packet = ipv6(InetAddress.ofLiteral(source), InetAddress.ofLiteral(destination), ICMPV6, message, 2);
        return ethernet(host, ETHERTYPE_IPV6, packet);
    }

    /// ICMPv6 type 135: who has that address (RFC 4861).
    byte[] neighbourSolicitation(String source, String destination) {
        byte[] message = ByteBuffer.allocate(24)
                .put((byte) 135)
                .position(8)
                .put(InetAddress.ofLiteral(destination).getAddress())
                .array();
        byte[] packet = ipv6(InetAddress.ofLiteral(source), InetAddress.ofLiteral(destination), ICMPV6, message, 2);
        return ethernet(host, ETHERTYPE_IPV6, packet);
    }

    /// A question who has the address, from an address: the one who is asked learns the asker's (RFC 826).
    byte[] arpRequest(String sender, String target) {
        return ethernet(host, ETHERTYPE_ARP, arp(1, sender, target));
    }

    /// Unasked: the address is at this pod's MAC.
    byte[] arpReply(String sender, String target) {
        return ethernet(host, ETHERTYPE_ARP, arp(2, sender, target));
    }

    private byte[] arp(int operation, String sender, String target) {
        return ByteBuffer.allocate(28)
                .putShort((short) 1)
                .putShort((short) ETHERTYPE_IPV4)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) operation)
                .put(pod.bytes())
                .put(InetAddress.ofLiteral(sender).getAddress())
                .put(host.bytes())
                .put(InetAddress.ofLiteral(target).getAddress())
                .array();
    }

    private byte[] ethernet(MacAddress to, int type, byte[] payload) {
        return ByteBuffer.allocate(14 + payload.length)
                .put(to.bytes())
                .put(pod.bytes())
                .putShort((short) type)
                .put(payload)
                .array();
    }

    private static byte[] ipv4(InetAddress from, InetAddress to, int protocol, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(20 + payload.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (20 + payload.length))
                .putInt(0)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(from.getAddress())
                .put(to.getAddress())
                .put(payload);
        packet.putShort(10, checksum(Arrays.copyOf(packet.array(), 20), 0));
        return packet.array();
    }

    /// @param checksumAt where in the payload, which is summed up with the pseudo header
    private static byte[] ipv6(InetAddress from, InetAddress to, int protocol, byte[] payload, int checksumAt) {
        byte[] summed = ByteBuffer.allocate(32 + payload.length)
                .put(from.getAddress())
                .put(to.getAddress())
                .put(payload)
                .array();
        ByteBuffer body = ByteBuffer.wrap(payload.clone());
        body.putShort(checksumAt, checksum(summed, protocol + payload.length));
        return ByteBuffer.allocate(40 + payload.length)
                .putInt(0x60000000)
                .putShort((short) payload.length)
                .put((byte) protocol)
                .put((byte) HOP_LIMIT)
                .put(from.getAddress())
                .put(to.getAddress())
                .put(body.array())
                .array();
    }

    /// RFC 1071, over an even number of bytes.
    private static short checksum(byte[] bytes, int start) {
        int sum = start;
        for (int i = 0; i < bytes.length; i += 2) {
            sum += (Byte.toUnsignedInt(bytes[i]) << 8) + Byte.toUnsignedInt(bytes[i + 1]);
        }
        sum = (sum >>> 16) + (sum & 0xffff);
        return (short) ~((sum >>> 16) + sum);
    }
}
