package io.vpceni.eni;

/// EC2's name of a subnet, as in `subnet-0a1b2c3d4e5f60718`. Ordered by text.
public record SubnetId(String value) implements Comparable<SubnetId> {

    /// @throws IllegalArgumentException when it is blank
    public SubnetId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("the id of the subnet is blank");
        }
    }

    @Override
    public int compareTo(SubnetId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
