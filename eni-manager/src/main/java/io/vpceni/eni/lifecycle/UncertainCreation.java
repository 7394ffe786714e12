package io.vpceni.eni.lifecycle;

import io.vpceni.eni.ClientToken;
import java.time.Instant;
import java.util.Optional;

/// EC2's answer to a create call was lost: whether there is an ENI comes to light by later views ([LeakedEniCleanup]).
///
/// @param token of the create call
/// @param since when EC2 was last asked to create it, or ipamd started: older views do not tell
/// @param note EC2's last answer
record UncertainCreation(ClientToken token, Instant since, String note) {

    EniStatus state() {
        EniReference eni = new EniReference.ByClientToken(token);
        return new EniStatus(eni, EniPhase.CREATION_UNCERTAIN, Optional.empty(), since, note);
    }
}
