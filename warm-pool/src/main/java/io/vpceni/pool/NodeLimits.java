package io.vpceni.pool;

import java.util.Collections;
import java.util.List;

/// What the instance type allows.
///
/// @param enisMaxByCard by network card that is used, the first one first: ENIs, the primary included; at least
///     one card and at least 1 on each
/// @param addressesPerEniMax addresses on each ENI, its primary address included, as EC2 counts; at least 1
public record NodeLimits(List<Integer> enisMaxByCard, int addressesPerEniMax) {

    /// @throws IllegalArgumentException when a limit is below 1
    public NodeLimits {
        enisMaxByCard = List.copyOf(enisMaxByCard);
        if (enisMaxByCard.isEmpty() || Collections.min(enisMaxByCard) < 1 || addressesPerEniMax < 1) {
            throw new IllegalArgumentException(
                    "want at least one ENI and one address, not " + enisMaxByCard + " and " + addressesPerEniMax);
        }
    }

    /// A node with one network card.
    ///
    /// @throws IllegalArgumentException when a limit is below 1
    public NodeLimits(int enisMax, int addressesPerEniMax) {
        this(List.of(enisMax), addressesPerEniMax);
    }

    /// ENIs on all cards together.
    public int enisMax() {
        return enisMaxByCard.stream().mapToInt(Integer::intValue).sum();
    }

    /// The same node without its other network cards.
    public NodeLimits onFirstCard() {
        return new NodeLimits(enisMaxByCard.subList(0, 1), addressesPerEniMax);
    }

    /// Blocks that an ENI has room for: all addresses but the primary one. A prefix takes one slot, as an address does.
    public int slotsPerEni() {
        return addressesPerEniMax - 1;
    }
}
