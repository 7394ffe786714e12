package io.vpceni.lab.world;

import io.vpceni.config.Cidr;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// A subnet of the VPC.
public record LabSubnet(String id, Cidr cidr) {
    /// The implied router: the first host address of the subnet.
    public InetAddress routerAddress() {
        byte[] bytes = cidr.network().getAddress();
        byte[] next = new BigInteger(1, bytes).add(BigInteger.ONE).toByteArray();
        for (int i = 1; i <= Math.min(next.length, bytes.length); i++) {
            bytes[bytes.length - i] = next[next.length - i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
