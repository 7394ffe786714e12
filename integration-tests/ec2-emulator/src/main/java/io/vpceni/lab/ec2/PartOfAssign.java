package io.vpceni.lab.ec2;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A request to assign, cut down to a part of what it asks for.
final class PartOfAssign {
    private static final List<String> COUNTS =
            List.of("SecondaryPrivateIpAddressCount", "Ipv4PrefixCount", "Ipv6PrefixCount", "Ipv6AddressCount");

    private static final List<String> LISTS =
            List.of("PrivateIpAddress.", "Ipv4Prefix.", "Ipv6Prefix.", "Ipv6Addresses.");

    private PartOfAssign() {}

    /// @param percent of each count and each list; one is left at least
    static Map<String, String> of(Map<String, String> form, int percent) {
        Map<String, String> part = new TreeMap<>(form);
        for (String name : COUNTS) {
            String count = part.get(name);
            if (count != null) {
                part.put(name, cut(count, percent));
            }
        }
        for (String start : LISTS) {
            List<String> named = part.keySet().stream()
                    .filter(name -> name.startsWith(start))
                    .toList();
            int kept = Math.max(1, named.size() * percent / 100);
            named.stream().skip(kept).forEach(part::remove);
        }
        return part;
    }

    private static String cut(String count, int percent) {
        return count.matches("[0-9]{1,6}")
                ? Integer.toString(Math.max(1, Integer.parseInt(count) * percent / 100))
                : count;
    }
}
