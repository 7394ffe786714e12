/// What goes wrong at the embedded EC2 and its metadata services on command.
///
/// Nothing here knows what EC2 is. [FaultInjector] holds rules and draws from one seed; the emulation asks it at
/// each request what shall go wrong with it, and does that.
///
/// ## Starting points
/// - [Fault] lists all that can go wrong; [FaultRule] says with whom, how often and for how long.
/// - [FaultInjector] is what tests, the lab and the control API change.
/// - [Presets] are lists of rules by name: `storm` and `none`.
@NullMarked
package io.vpceni.lab.ec2.fault;

import org.jspecify.annotations.NullMarked;
