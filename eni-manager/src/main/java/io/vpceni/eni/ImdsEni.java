package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;

/// An interface that IMDS lists under `network/interfaces/macs/`.
///
/// @param id its `interface-id`
/// @param subnet its `subnet-ipv4-cidr-block`
public record ImdsEni(EniId id, MacAddress mac, Cidr subnet) {}
