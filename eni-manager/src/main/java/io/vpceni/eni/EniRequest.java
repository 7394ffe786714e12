package io.vpceni.eni;

import java.util.List;
import java.util.SequencedMap;

/// An ENI to be made.
///
/// @param subnetId where it and its addresses come from
/// @param securityGroups ids; at least one
/// @param secondaryAddresses how many besides the primary one; 0 or more
/// @param description what EC2's console shows
/// @param tags key to value, in the order in which they are sent
public record EniRequest(
        String subnetId,
        List<String> securityGroups,
        int secondaryAddresses,
        String description,
        SequencedMap<String, String> tags) {

    /// @throws IllegalArgumentException when the count is negative
    public EniRequest {
        if (secondaryAddresses < 0) {
            throw new IllegalArgumentException("cannot ask for " + secondaryAddresses + " addresses");
        }
        securityGroups = List.copyOf(securityGroups);
    }
}
