package io.vpceni.eni;

import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/// Limits of common instance types, for a node that may not ask EC2 or gets no answer. Packaged as
/// `instance-types.csv`; figures from
/// "Maximum IP addresses per network interface" in the EC2 documentation.
public final class InstanceTypes {

    /// No type that can run a node has less.
    static final NodeLimits LEAST = new NodeLimits(2, 2);

    private static final int COLUMNS = 5;

    private InstanceTypes() {}

    /// Looks a type up. Reads the table anew each time: it is needed once, if ever.
    public static Optional<NodeLimits> limits(String instanceType) {
        return lines().filter(line -> line.startsWith(instanceType + ","))
                .findFirst()
                .map(InstanceTypes::limitsIn);
    }

    /// The table's lines without its heading.
    static Stream<String> lines() {
        try (InputStream table = InstanceTypes.class.getResourceAsStream("instance-types.csv")) {
            if (table == null) {
                throw new NoSuchElementException("instance-types.csv is not in the jar");
            }
            return new String(table.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NodeLimits limitsIn(String line) {
        String[] columns = line.split(",", COLUMNS);
        return new NodeLimits(Integer.parseInt(columns[1]), Integer.parseInt(columns[2]));
    }
}
