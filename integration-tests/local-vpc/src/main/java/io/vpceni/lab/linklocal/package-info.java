/// The services that pods of a node on EC2 reach in 169.254.0.0/16 besides the metadata service: small servers of the
/// real protocols, so that a test shows packets in both directions.
///
/// ## Starting points
/// - [NameServer], [TimeServer] and [CredentialsAgent] are the servers and their clients.
/// - [io.vpceni.lab.site.LabInfrastructure] starts them: the VPC's resolver and clock outside the node, the node's own
///   DNS cache and EKS Pod Identity agent on it.
@NullMarked
package io.vpceni.lab.linklocal;

import org.jspecify.annotations.NullMarked;
