/// ipamd's Prometheus metrics, introspection, liveness and readiness.
///
/// ## Starting points
/// - [Metrics] declares every metric, with the AWS VPC CNI's name (`awscni_*`) where the meaning is the same.
/// - [Introspection] renders the pool as JSON; `ipamctl` prints it.
/// - [HttpPages] serves both, on two addresses.
/// - [Readiness] says whether an ADD could be served now, and if not, why.
///
/// ## Invariants
/// - Nothing here changes anything. Requests are answered from snapshots.
/// - Label values come from enums and from the node's ENIs, never from requests.
@NullMarked
package io.vpceni.ipamd.observe;

import org.jspecify.annotations.NullMarked;
