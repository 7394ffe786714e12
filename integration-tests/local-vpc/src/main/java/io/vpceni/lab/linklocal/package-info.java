/// The services that pods of a node on EC2 reach over 169.254.0.0/16, besides the metadata service: small, but they
/// speak the real protocols, so that "reachable" is a matter of packets there and back.
///
/// ## Starting points
/// - [NameServer], [TimeServer] and [CredentialsAgent] are the servers, and say how each is asked.
/// - [io.vpceni.lab.site.LabInfrastructure] puts them up: the VPC's resolver and clock beyond the node, the node's own
///   name cache and EKS Pod Identity agent on it.
@NullMarked
package io.vpceni.lab.linklocal;

import org.jspecify.annotations.NullMarked;
