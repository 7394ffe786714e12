/// What goes wrong at the embedded EC2 and its metadata services on command: the account's weather.
///
/// Nothing here knows what EC2 is. [FaultInjector] holds rules and draws from one seed; the emulation asks it at
/// each request what shall go wrong with it, and does that.
///
/// ## Starting points
/// - [Fault] lists all that can go wrong; [FaultRule] says with whom, how often and for how long.
/// - [FaultInjector] is what tests, the lab and the control API change.
/// - [Presets] are whole skies: `storm` and `calm`.
@NullMarked
package io.vpceni.lab.ec2.fault;

import org.jspecify.annotations.NullMarked;
