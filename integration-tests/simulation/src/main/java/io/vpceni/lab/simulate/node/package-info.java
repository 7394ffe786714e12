/// The node: ipamd's production classes, and what they meet on the node.
///
/// ## Starting points
/// - [SimNode] is one life of ipamd, between two deaths: `PoolLoop`, `EniLoop` and what they drive. [SimRecovery] is
///   its start, [EniEffects] what its machine of ENIs asks for.
/// - [MessageQueue] carries messages to both owners; [CallsUnderWay] and [WaitingRequests] are what was not answered
/// yet.
/// - [SimRuntime] is the container runtime with its sandboxes, [SimWiring] what ipamd does in them; [SimLinks],
///   [SimDisk], [SimIntents] and [SimViews] are links, both disks, and the looks of each minute.
@NullMarked
package io.vpceni.lab.simulate.node;

import org.jspecify.annotations.NullMarked;
