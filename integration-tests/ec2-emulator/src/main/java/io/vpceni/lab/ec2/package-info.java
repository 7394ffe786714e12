/// The embedded EC2: the Query API over HTTP, with EC2's own rules and error codes, and no account behind it.
///
/// A request goes through [Ec2HttpListener] (HTTP), [RequestHandler] (who sends it, which faults hit it, what
/// is written down of it), [Ec2Api] (is it admitted, which action) and one of the families in `action`, which
/// reads its parameters with `query` and asks `model` to keep the rules.
///
/// ## Starting points
/// - [Ec2Emulation] is what a program starts and what the fabric and the metadata services look into.
/// - [Admission] is the place for rules that stop a request before its action.
/// - Package `fault` is all that goes wrong on command; [CallLog] what was asked; [GroundTruth] what is true.
///
/// ## Invariants
/// - One lock, the [Account]'s, round each look at the account; nothing waits while it is held.
/// - A refused request has changed nothing.
/// - A view of the past is a copy: the account is copied before it changes, and only while something lags.
@NullMarked
package io.vpceni.lab.ec2;

import org.jspecify.annotations.NullMarked;
