/// How many addresses a node should hold: pure functions from the pool's numbers to what is wanted.
///
/// ## Starting points
/// - [Policy] is the one interface: a [Summary] in, a [Wanted] out.
/// - [Traffic] is what the pool has seen come and go, for a policy that learns.
@NullMarked
package io.vpceni.pool.policy;

import org.jspecify.annotations.NullMarked;
