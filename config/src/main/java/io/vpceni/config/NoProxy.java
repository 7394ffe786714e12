package io.vpceni.config;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The exemptions of `NO_PROXY`, in the forms that Go programs and curl accept.
///
/// Entries are separated by commas or blanks. Each is `*` (everything), an address, a block in CIDR form, or a
/// name: `x.y` is that name and every name below it, `.x.y` and `*.x.y` only the names below it. A name or address
/// may have a port; an IPv6 address with a port is in brackets. Source: Go's `golang.org/x/net/http/httpproxy`,
/// whose rules the AWS VPC CNI follows.
///
/// @param entries as they were written, without blanks
record NoProxy(List<String> entries) {

    NoProxy {
        entries = List.copyOf(entries);
    }

    static NoProxy parse(String text) {
        return new NoProxy(Arrays.stream(text.split("[,\\s]+", -1))
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    /// @param host a name, or an address literal without brackets
    boolean exempts(String host, int port) {
        String name = withoutLastDot(host.toLowerCase(Locale.ROOT));
        return entries.stream().anyMatch(entry -> exempts(entry.toLowerCase(Locale.ROOT), name, port));
    }

    private static boolean exempts(String entry, String name, int port) {
        if (entry.equals("*")) {
            return true;
        }
        Optional<InetAddress> address = literal(name);
        if (entry.contains("/")) {
            return address.isPresent() && block(entry).contains(address.get());
        }
        Named named = Named.of(entry);
        if (named.port != 0 && named.port != port) {
            return false;
        }
        Optional<InetAddress> exempt = literal(named.host);
        return exempt.isPresent()
                ? exempt.equals(address)
                : address.isEmpty() && isBelow(withoutLastDot(named.host), name);
    }

    private static boolean isBelow(String exempt, String name) {
        String suffix = exempt.startsWith("*.") ? exempt.substring(1) : exempt;
        return suffix.startsWith(".")
                ? name.endsWith(suffix) && name.length() > suffix.length()
                : name.equals(suffix) || name.endsWith("." + suffix);
    }

    private record Named(String host, int port) {
        static Named of(String entry) {
            String host = entry;
            int port = 0;
            int colon = entry.lastIndexOf(':');
            boolean bareIpv6 = entry.indexOf(':') != colon && !entry.startsWith("[");
            if (colon > entry.indexOf(']')
                    && !bareIpv6
                    && entry.substring(colon + 1).matches("[0-9]{1,5}")) {
                host = entry.substring(0, colon);
                port = Integer.parseInt(entry.substring(colon + 1));
            }
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            return new Named(bracketed ? host.substring(1, host.length() - 1) : host, port);
        }
    }

    private static AddressRange block(String entry) {
        try {
            Cidr cidr = Cidr.parseContaining(entry);
            return cidr::contains;
        } catch (IllegalArgumentException notACidr) {
            return _ -> false;
        }
    }

    private interface AddressRange {
        boolean contains(InetAddress address);
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException aName) {
            return Optional.empty();
        }
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
