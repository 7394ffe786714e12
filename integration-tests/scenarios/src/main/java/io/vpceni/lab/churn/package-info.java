/// Pods that come and go while others exchange traffic, and the lab's own records of them, to be compared with those of
/// EC2, of the kernel and of ipamd.
///
/// ## Starting points
/// - [Churn] creates and deletes pods like an impatient kubelet; [ChurnCounts] counts the outcomes.
/// - [PodRecords] keeps records of its own: who has which address, by the plugin's answers.
/// - [LongConnection] is the traffic of long-lived pods.
/// - [StateDiff] compares three views of a node; [Await] waits until a view shows what is expected.
@NullMarked
package io.vpceni.lab.churn;

import org.jspecify.annotations.NullMarked;
