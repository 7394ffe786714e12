package io.vpceni.lab.ec2.model;

import java.time.Duration;
import java.util.Optional;

/// The delays of EC2's asynchronous operations.
///
/// @param launch from RunInstances (`pending`) to `running`, primary ENI attached
/// @param terminate from TerminateInstances (`shutting-down`) to `terminated`
/// @param attach of an ENI from `attaching` to `attached`
/// @param detach of an ENI from `detaching` to `available`
/// @param metadataInterface from `attached` to the ENI's directory in the metadata service
/// @param metadataAddress from a change of an ENI's addresses to the metadata service's showing it
public record Ec2Delays(
        Duration launch,
        Duration terminate,
        Duration attach,
        Duration detach,
        Duration metadataInterface,
        Duration metadataAddress) {

    /// The same but for what is given.
    public Ec2Delays with(Optional<Duration> otherAttach, Optional<Duration> otherDetach) {
        return new Ec2Delays(
                launch,
                terminate,
                otherAttach.orElse(attach),
                otherDetach.orElse(detach),
                metadataInterface,
                metadataAddress);
    }

    /// Typical delays: an ENI is attached within a second or two and shown by the metadata service a little later.
    public static Ec2Delays realistic() {
        return new Ec2Delays(
                Duration.ofMillis(1000),
                Duration.ofMillis(1000),
                Duration.ofMillis(1000),
                Duration.ofMillis(1500),
                Duration.ofMillis(500),
                Duration.ofMillis(300));
    }

    /// No delays.
    public static Ec2Delays none() {
        return new Ec2Delays(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
}
