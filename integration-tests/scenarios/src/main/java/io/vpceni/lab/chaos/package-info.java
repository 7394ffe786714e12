/// Several nodes while faults happen: pods come and go, EC2 and the metadata services fail in every way they can,
/// somebody meddles by hand, and ipamd is killed again and again. In the end nothing may be lost and nothing be left.
///
/// ## Starting points
/// - [Chaos] is the order of events; [ChaosReport] what is told of it.
/// - [FaultSchedule] is what goes wrong at EC2 and IMDS, [OutOfBandChanges] what a person does to the account,
///   [WindowKiller] who kills ipamd, each time in another of the [KillWindows].
/// - [Inspector] compares the lab's own records with those of EC2, of the kernel and of ipamd, repeatedly and at the
///   end.
@NullMarked
package io.vpceni.lab.chaos;

import org.jspecify.annotations.NullMarked;
