/// The instance metadata service over HTTP. Start at [HttpImds]. Version 2 only: every read carries a session token.
///
/// [ImdsEc2] is for a node that makes no EC2 calls. [ImdsMeter] is told of every request, [ImdsHealth] tracks since
/// when IMDS has not answered.
///
/// Invariants:
/// - Every read is bounded in time, attempts and bytes, and counts against the request budget.
/// - A value that IMDS does not have is absent, never guessed; a value in an undocumented form is a failure.
@NullMarked
package io.vpceni.eni.imds;

import org.jspecify.annotations.NullMarked;
