package io.vpceni.eni;

import io.vpceni.config.Cidr;
import java.util.Map;

/// A subnet as EC2 describes it.
///
/// @param zone as in `eu-west-1a`
/// @param block its IPv4 block
/// @param addressesFree EC2's count of unused addresses; says nothing about whole prefixes
/// @param tags key to value
public record Ec2Subnet(SubnetId id, String zone, Cidr block, int addressesFree, Map<String, String> tags) {
    public Ec2Subnet {
        tags = Map.copyOf(tags);
    }
}
