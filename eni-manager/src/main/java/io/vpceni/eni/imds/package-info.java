/// The instance metadata service over HTTP. Start at [HttpImds]. Version 2 only: every read carries a session token.
///
/// [ImdsEc2] is EC2 for a node that may not ask EC2. [ImdsMeter] hears of every request, [ImdsHealth] knows since when
/// IMDS has been silent.
///
/// Invariants:
/// - Every read is bounded in time, in attempts and in bytes, and paid for out of the request budget.
/// - What IMDS does not say is absent, never guessed; what it says in another form than documented is a failure.
@NullMarked
package io.vpceni.eni.imds;

import org.jspecify.annotations.NullMarked;
