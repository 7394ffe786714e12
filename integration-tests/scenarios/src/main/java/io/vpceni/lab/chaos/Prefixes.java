package io.vpceni.lab.chaos;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// IPv4 prefixes as EC2 writes them.
final class Prefixes {
    private Prefixes() {}

    /// All sixteen.
    ///
    /// @param prefix such as `10.0.0.16/28`
    static List<InetAddress> addresses(String prefix) {
        byte[] first =
                InetAddress.ofLiteral(prefix.substring(0, prefix.indexOf('/'))).getAddress();
        List<InetAddress> addresses = new ArrayList<>();
        for (int offset = 0; offset < 16; offset++) {
            byte[] bytes = first.clone();
            bytes[3] += (byte) offset;
            try {
                addresses.add(InetAddress.getByAddress(bytes));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(prefix + " is no IPv4 prefix", e);
            }
        }
        return addresses;
    }
}
