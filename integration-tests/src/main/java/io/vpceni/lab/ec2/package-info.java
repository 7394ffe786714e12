/// The embedded EC2: the Query API over HTTP, with EC2's own rules and error codes, and no account behind it.
///
/// A request goes through [Ec2HttpListener] (HTTP), [Ec2Api] (who calls, is it admitted, which action) and one of
/// the
/// families in `action`, which reads its parameters with `query` and asks `model` to keep the rules.
///
/// ## Starting points
/// - [Ec2Emulation] is what a program starts and what the fabric and the metadata services look into.
/// - [Admission] is the place for what stops a request before its action: permissions today, throttling and faults
/// next.
///
/// ## Invariants
/// - One lock, held by [Ec2Emulation] and [Ec2Api] round each look at the account; nothing waits while it is held.
/// - A refused request has changed nothing.
@NullMarked
package io.vpceni.lab.ec2;

import org.jspecify.annotations.NullMarked;
