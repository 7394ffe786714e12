package io.vpceni.lab.imds;

import java.time.Duration;

/// A fault of a metadata service.
public sealed interface ImdsTrouble {
    /// It answers with this HTTP status; 401 only to what brings a token, as an ended token would.
    record Status(int status) implements ImdsTrouble {}

    /// It says nothing for that long, then hangs up.
    record Silence(Duration duration) implements ImdsTrouble {}
}
