/// The instance metadata service over HTTP. Start at [HttpImds]. Version 2 only: every read carries a session token.
@NullMarked
package io.vpceni.eni.imds;

import org.jspecify.annotations.NullMarked;
