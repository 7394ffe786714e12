/// Pods that come and go while others exchange traffic, and the lab's own records of them, to be compared with those of
/// EC2, of the kernel and of ipamd.
///
/// ## Starting points
/// - [Churn] makes pods and takes them away, as a kubelet with little patience; [ChurnCounts] counts what came of them.
/// - [PodRecords] keeps records of its own: who has which address, by the plugin's answers.
/// - [LongConnection] is the traffic of pods that stay.
/// - [StateDiff] looks at a node from three sides; [Await] waits until a look shows what it must.
@NullMarked
package io.vpceni.lab.churn;

import org.jspecify.annotations.NullMarked;
