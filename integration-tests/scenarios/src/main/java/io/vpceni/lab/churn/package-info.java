/// Pods that come and go while others talk, and what the lab itself writes down of them, to be held against the books
/// of EC2, of the kernel and of ipamd.
///
/// ## Starting points
/// - [Churn] makes pods and takes them away, as a kubelet with little patience; [ChurnCounts] counts what came of them.
/// - [PodRecords] keeps books of its own: who has which address, by what the plugin answered.
/// - [LongConnection] is the traffic of pods that stay.
/// - [StateDiff] looks at a node from three sides; [Await] waits until a look shows what it must.
@NullMarked
package io.vpceni.lab.churn;

import org.jspecify.annotations.NullMarked;
