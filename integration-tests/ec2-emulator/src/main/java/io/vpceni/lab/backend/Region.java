package io.vpceni.lab.backend;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A region of AWS by its name, and what follows from that: zones, names in DNS, the partition.
///
/// @param name such as `eu-west-1` or `us-gov-west-1`
public record Region(String name) {
    private static final Pattern SHAPE = Pattern.compile("[a-z]{2}(-[a-z]+){1,2}-[1-9]");
    private static final List<String> ZONES = List.of("a", "b", "c");

    /// @throws IllegalArgumentException unless the name has the shape of a region's
    public Region {
        if (!SHAPE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' names no region: want one such as us-east-1 or eu-west-1");
        }
    }

    /// `eu-west-1a` and so on.
    public List<String> zones() {
        return ZONES.stream().map(zone -> name + zone).toList();
    }

    /// `use1-az1` of `us-east-1a`, `apse2-az3` of `ap-southeast-2c`.
    public static String zoneId(String zone) {
        String[] words = zone.substring(0, zone.length() - 1).split("-", -1);
        String rest = Stream.of(words).skip(1).map(Region::shortened).collect(Collectors.joining());
        int number = zone.charAt(zone.length() - 1) - 'a' + 1;
        return (words[0] + rest + "-az" + number).toLowerCase(Locale.ROOT);
    }

    /// `w` of `west`, `se` of `southeast`, `1` of `1`.
    private static String shortened(String word) {
        String first = word.substring(0, 1);
        boolean twoDirections = word.matches("(north|south)(east|west)");
        return twoDirections ? first + word.charAt("north".length()) : first;
    }

    /// Of names such as `ip-10-0-0-1.ec2.internal`.
    public String internalDomain() {
        return name.equals("us-east-1") ? "ec2.internal" : name + ".compute.internal";
    }

    /// The second part of every ARN.
    public String partition() {
        if (name.startsWith("cn-")) {
            return "aws-cn";
        }
        return name.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }

    /// Of the names of AWS's own servers.
    public String servicesDomain() {
        return name.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    }
}
