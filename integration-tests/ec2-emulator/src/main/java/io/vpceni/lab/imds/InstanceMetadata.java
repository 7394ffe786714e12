package io.vpceni.lab.imds;

import java.time.Instant;
import java.util.List;

/// An instance as its metadata service shows it.
///
/// @param architecture as in the identity document, `x86_64` or `arm64`
/// @param hopLimit of the answer to a token request, 1 to 64: the TTL that its IP packets start with. The fabric
/// enforces it
/// @param interfaces at least the primary one, which is the first; then by network card and device number
public record InstanceMetadata(
        String instanceId,
        String instanceType,
        String imageId,
        String accountId,
        String region,
        String availabilityZone,
        String architecture,
        Instant launchedAt,
        int hopLimit,
        List<InterfaceMetadata> interfaces) {
    public InstanceMetadata {
        interfaces = List.copyOf(interfaces);
        if (interfaces.isEmpty()) {
            throw new IllegalArgumentException(instanceId + " has no interface");
        }
        if (hopLimit < 1 || hopLimit > 64) {
            throw new IllegalArgumentException("hop limit " + hopLimit + ": want 1 to 64");
        }
    }

    public InterfaceMetadata primaryInterface() {
        return interfaces.getFirst();
    }
}
