package io.vpceni.lab.jmh;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A node whose addresses, ENIs and pods are numbered from 0: on each ENI as many addresses as on the others, filled in
/// order.
///
/// @param addresses secondary addresses of all ENIs together; 1 or more
record NumberedNode(int addresses) {
    private static final int ENIS_MAX = 15;
    private static final int PER_ENI_WANTED = 10;

    int enis() {
        return Math.min(ENIS_MAX, Math.ceilDiv(addresses, PER_ENI_WANTED));
    }

    private int perEni() {
        return Math.ceilDiv(addresses, enis());
    }

    NodeLimits limits() {
        return new NodeLimits(enis(), perEni() + 1);
    }

    /// The default targets: one ENI's worth of addresses ready.
    static PoolSettings settings() {
        return new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30));
    }

    Eni eni(int device) {
        return new Eni(eniId(device), new DeviceSlot(0, device), device == 0, perEni());
    }

    /// All addresses of an ENI.
    List<Cidr> blocks(int device) {
        List<Cidr> blocks = new ArrayList<>();
        int behind = Math.min(addresses, (device + 1) * perEni());
        for (int number = device * perEni(); number < behind; number++) {
            blocks.add(Cidr.containing(address(number), 32));
        }
        return blocks;
    }

    /// The pod of that number has the address of that number.
    Assignment assignment(int number) {
        return new Assignment(
                key(number), new PodName("default", "web-" + number), address(number), eniId(number / perEni()));
    }

    static AttachmentKey key(int pod) {
        return new AttachmentKey("vpc-eni", String.format(Locale.ROOT, "%064x", 0x9e3779b97f4a7c15L * pod), "eth0");
    }

    private static EniId eniId(int device) {
        return new EniId(String.format(Locale.ROOT, "eni-%017x", device));
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}
