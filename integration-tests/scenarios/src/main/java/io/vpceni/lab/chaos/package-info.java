/// Several nodes under faults: pods come and go, EC2 and the metadata services fail in every way, ENIs are changed by
/// hand, and ipamd is killed repeatedly. At the end nothing may be lost or left.
///
/// ## Starting points
/// - [Chaos] is the order of events, [ChaosReport] its result.
/// - [FaultSchedule] has the faults of EC2 and IMDS, [OutOfBandChanges] the changes by hand, [WindowKiller] kills
///   ipamd, each time in another of the [KillWindows].
/// - [Inspector] compares the lab's own records with those of EC2, of the kernel and of ipamd, repeatedly and at the
///   end.
@NullMarked
package io.vpceni.lab.chaos;

import org.jspecify.annotations.NullMarked;
