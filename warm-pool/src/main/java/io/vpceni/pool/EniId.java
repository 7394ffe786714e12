package io.vpceni.pool;

/// EC2's name of an elastic network interface, as in `eni-0a1b2c3d4e5f60718`. Ordered by text.
public record EniId(String value) implements Comparable<EniId> {

    /// @throws IllegalArgumentException when it does not begin with `eni-`
    public EniId {
        if (!value.startsWith("eni-")) {
            throw new IllegalArgumentException("'" + value + "' does not begin with eni-");
        }
    }

    @Override
    public int compareTo(EniId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
