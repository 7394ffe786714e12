package io.vpceni.eni;

/// EC2's name of an instance, as in `i-0a1b2c3d4e5f60718`.
public record InstanceId(String value) {

    /// @throws IllegalArgumentException when it is blank
    public InstanceId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("the id of the instance is blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
