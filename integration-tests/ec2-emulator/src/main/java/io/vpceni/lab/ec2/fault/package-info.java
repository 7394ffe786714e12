/// Fault injection for the emulated EC2 and its metadata services.
///
/// [FaultInjector] holds the rules and draws from one seed; the emulation asks it for each request and carries the
/// faults out.
///
/// ## Starting points
/// - [Fault] lists the kinds of faults; [FaultRule] adds callers, frequency and duration.
/// - [FaultInjector] is what tests, the lab and the control API change.
/// - [Presets] are lists of rules by name: `storm` and `none`.
@NullMarked
package io.vpceni.lab.ec2.fault;

import org.jspecify.annotations.NullMarked;
