package io.vpceni.eni.lifecycle;

import java.time.Instant;

/// EC2's answer to a create call was lost: whether there is an ENI comes to light by later views ([LeakedEniCleanup]).
///
/// @param token of the create call
/// @param networkCard where it was to be attached
/// @param since when EC2 was last asked to create it, or ipamd started: older views do not tell
/// @param note EC2's last answer
record UncertainCreation(String token, int networkCard, Instant since, String note) {

    EniStatus state() {
        return new EniStatus(token, EniPhase.CREATION_UNCERTAIN, networkCard, -1, since, note);
    }
}
