package io.vpceni.network;

/// A sandbox whose link has lost the information that identifies it (alias or host route). A record and the link's
/// name identify it: see [HostSurvey].
///
/// @param hostInterface name of the link on the node
/// @param ours whether ipamd made the link; otherwise the AWS VPC CNI did
/// @param routed whether a host route leads to the address over this link
/// @param certain false: the link may belong to another record with another address
public record AliasedPod(RecordedPod pod, String hostInterface, boolean ours, boolean routed, boolean certain) {}
