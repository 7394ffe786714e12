package io.vpceni.eni.lifecycle;

import java.time.Instant;
import java.util.List;

/// A call to EC2 that has not ended, for people: it waits for its turn, or for EC2.
///
/// @param call its number
/// @param operation what it is for, as in `attach a new ENI`
/// @param requests numbers of the pool's requests that it is made for; empty for none
/// @param subject the ENI, subnet or instance that it is about
/// @param since when it was wanted
public record PendingCall(long call, String operation, List<Long> requests, String subject, Instant since) {
    public PendingCall {
        requests = List.copyOf(requests);
    }
}
