/// The emulated EC2: the Query API over HTTP, with EC2's rules and error codes.
///
/// A request goes through [Ec2HttpListener] (HTTP), [RequestHandler] (who sends it, which faults hit it, what
/// is written down of it), [Ec2Api] (is it admitted, which action) and one of the families in `action`, which
/// reads its parameters with `query` and asks `model` to keep the rules.
///
/// ## Starting points
/// - [Ec2Emulation] is what a program starts, and what the network and the metadata services read.
/// - [Admission] is the place for rules that stop a request before its action.
/// - Package `fault` is fault injection; [CallLog] has the calls, [GroundTruth] the state.
///
/// ## Invariants
/// - Every use of the account holds its one lock; no thread waits for anything else while it holds it.
/// - A refused request has changed nothing.
/// - A view of the past is a copy: the account is copied before it changes, and only while something lags.
@NullMarked
package io.vpceni.lab.ec2;

import org.jspecify.annotations.NullMarked;
