package io.vpceni.network;

/// A sandbox whose link has lost what told whose it is, and that a record and the link's name tell: see [HostSurvey].
///
/// @param hostInterface name of the link on the node
/// @param ours whether ipamd made the link; else the AWS VPC CNI did
/// @param routed whether a host route leads to the address by this link
/// @param certain false: the link may as well be another record's, with another address
public record AliasedPod(RecordedPod pod, String hostInterface, boolean ours, boolean routed, boolean certain) {}
