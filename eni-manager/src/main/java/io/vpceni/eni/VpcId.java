package io.vpceni.eni;

/// EC2's name of a VPC, as in `vpc-0a1b2c3d4e5f60718`.
public record VpcId(String value) {

    /// @throws IllegalArgumentException when it is blank
    public VpcId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("the id of the VPC is blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
