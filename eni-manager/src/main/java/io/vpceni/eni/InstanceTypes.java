package io.vpceni.eni;

import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/// Limits of instance types, for a node that may not ask EC2 or gets no answer. Packaged as `instance-types.csv`, whose
/// head says where the figures are from.
public final class InstanceTypes {

    private static final int COLUMNS = 4;

    private static final int ADDRESSES = 2;

    private static final int ENIS = 3;

    private InstanceTypes() {}

    /// Looks a type up, with all its network cards. Reads the table anew each time: it is needed once, if ever.
    public static Optional<NodeLimits> limits(String instanceType) {
        return lines().filter(line -> line.startsWith(instanceType + ","))
                .findFirst()
                .map(InstanceTypes::limitsIn);
    }

    /// What a type that the table does not have may allow at most: the most that any type of the same size does, or
    /// any type at all. EC2's refusals tell what less it is; a guess that is too low would never be corrected.
    public static NodeLimits guess(String instanceType) {
        String size = instanceType.substring(instanceType.indexOf('.') + 1);
        return most(lines().filter(line -> line.split(",", COLUMNS)[0].endsWith("." + size)))
                .or(() -> most(lines()))
                .orElseThrow();
    }

    /// The table's lines without its heading.
    static Stream<String> lines() {
        try (InputStream table = InstanceTypes.class.getResourceAsStream("instance-types.csv")) {
            if (table == null) {
                throw new NoSuchElementException("instance-types.csv is not in the jar");
            }
            return new String(table.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// On the first card; the other ones may not be there.
    private static Optional<NodeLimits> most(Stream<String> lines) {
        return lines.map(InstanceTypes::limitsIn)
                .map(NodeLimits::onFirstCard)
                .reduce((one, other) -> new NodeLimits(
                        Math.max(one.enisMax(), other.enisMax()),
                        Math.max(one.addressesPerEniMax(), other.addressesPerEniMax())));
    }

    private static NodeLimits limitsIn(String line) {
        String[] columns = line.split(",", COLUMNS);
        List<Integer> enis = Arrays.stream(columns[ENIS].split("\\+", -1))
                .map(Integer::valueOf)
                .toList();
        return new NodeLimits(enis, Integer.parseInt(columns[ADDRESSES]));
    }
}
