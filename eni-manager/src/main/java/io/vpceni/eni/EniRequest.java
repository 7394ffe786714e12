package io.vpceni.eni;

import io.vpceni.pool.BlockKind;
import java.util.List;
import java.util.SequencedMap;

/// An ENI to be made.
///
/// @param subnetId where it and its addresses come from
/// @param securityGroups ids; at least one
/// @param kind what it is born with besides its primary address
/// @param count how many of that kind; 0 or more
/// @param description what EC2's console shows
/// @param tags key to value, in the order in which they are sent
public record EniRequest(
        SubnetId subnetId,
        List<String> securityGroups,
        BlockKind kind,
        int count,
        String description,
        SequencedMap<String, String> tags) {

    /// @throws IllegalArgumentException when the count is negative
    public EniRequest {
        if (count < 0) {
            throw new IllegalArgumentException("cannot ask for " + count + " blocks");
        }
        securityGroups = List.copyOf(securityGroups);
    }
}
