package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/// An ENI that was attached when ipamd started: EC2's view, completed by IMDS.
///
/// @param link with MAC and subnet
/// @param blocks secondary addresses and prefixes, in EC2's order, each once
public record AttachedEni(LinkPlan link, List<Cidr> blocks) {

    /// @throws IllegalArgumentException when the MAC or the subnet is not known
    public AttachedEni {
        if (link.mac() == null || link.subnet() == null) {
            throw new IllegalArgumentException("the MAC or the subnet of " + link.id() + " is not known");
        }
        blocks = List.copyOf(blocks);
    }

    public EniId id() {
        return link.id();
    }

    public MacAddress mac() {
        return Objects.requireNonNull(link.mac());
    }

    /// Where it is attached.
    public DeviceSlot slot() {
        return link.slot();
    }

    /// Whether the instance was started with it.
    public boolean primary() {
        return slot().isPrimary();
    }

    /// What it is there for: only those for pods are set up, grown and taken away.
    public EniRole role() {
        return link.role();
    }

    /// Its own address; no pod gets it.
    public InetAddress primaryAddress() {
        return link.primaryAddress();
    }

    /// The block that its addresses come from.
    public Cidr subnet() {
        return Objects.requireNonNull(link.subnet());
    }
}
