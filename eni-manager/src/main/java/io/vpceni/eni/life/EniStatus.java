package io.vpceni.eni.life;

import java.time.Instant;

/// One ENI's life, for people.
///
/// @param name the ENI's id; for one that EC2 has not named yet, the client token
/// @param networkCard 0 for the first; -1 when it has no place any more
/// @param deviceIndex on its card; -1 when it has no place any more
/// @param since when it came to this stage
/// @param note what is waited for, or went wrong; "" for nothing
public record EniStatus(String name, EniPhase stage, int networkCard, int deviceIndex, Instant since, String note) {}
