package io.vpceni.lab.simulate.accident;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// What happens by itself, one thing at a time. One choice among all of them, so their order is part of the
/// recorded choices.
public enum Accident {
    CRASH,
    DEL_LOST,
    DEL_OVERTAKES_ADD,
    ADD_REPEATED,
    DEL_REPEATED,
    DISK_FULL,
    INTENTS_FULL,
    /// Twice as often as one of them gets full.
    DISKS_FREE(2),
    SUBNET_FILLED,
    BLOCK_TAKEN,
    BLOCK_GIVEN,
    ENI_DETACHED,
    ENI_DELETED,
    ENI_ATTACHED,
    TAG_CHANGED,
    OTHER_NODES_ENI,
    LINK_REPEATED,
    NODE_ENDS,
    PODS_WANTED,
    ADD_LATE,
    KERNEL,
    TICK;

    /// Each as often as its weight says.
    static final List<Accident> WEIGHTED = Arrays.stream(values())
            .flatMap(accident -> Collections.nCopies(accident.weight, accident).stream())
            .toList();

    private final int weight;

    Accident() {
        this(1);
    }

    Accident(int weight) {
        this.weight = weight;
    }
}
