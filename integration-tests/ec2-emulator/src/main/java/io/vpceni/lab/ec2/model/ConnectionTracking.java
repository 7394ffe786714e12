package io.vpceni.lab.ec2.model;

import java.util.Optional;

/// How long an ENI's idle connections are tracked, in seconds; empty for EC2's default.
///
/// @param tcpEstablished 60 to 432,000
/// @param udpStream of flows with more than one request and answer, 60 to 180
/// @param udp of other flows, 30 to 60
public record ConnectionTracking(Optional<Integer> tcpEstablished, Optional<Integer> udpStream, Optional<Integer> udp) {
    public static ConnectionTracking defaults() {
        return new ConnectionTracking(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public boolean isDefault() {
        return equals(defaults());
    }
}
