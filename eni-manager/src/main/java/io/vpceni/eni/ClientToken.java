package io.vpceni.eni;

/// What makes `CreateNetworkInterface` repeatable: the same token again gives the same ENI. 1 to 64 ASCII characters,
/// new for every ENI that is wanted. Ordered by text.
public record ClientToken(String value) implements Comparable<ClientToken> {

    /// @throws IllegalArgumentException when it is blank
    public ClientToken {
        if (value.isBlank()) {
            throw new IllegalArgumentException("the client token is blank");
        }
    }

    @Override
    public int compareTo(ClientToken other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
