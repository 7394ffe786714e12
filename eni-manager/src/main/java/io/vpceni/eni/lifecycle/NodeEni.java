package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An attached ENI in the state machine: EC2's view, with what ipamd does to it. Mutable.
final class NodeEni {

    final EniId id;
    final DeviceSlot slot;
    final KnownBlocks blocks;
    LinkPlan link;
    EniPhase phase;

    /// What it is there for now.
    EniRole role;

    String note = "";

    /// EC2's id of the attachment; empty until a view tells.
    Optional<AttachmentId> attachmentId = Optional.empty();

    /// When it was attached, or last corrected: older views say nothing about that.
    Instant changedAt;

    /// When the first of the views was asked for that lacked it; empty when the last one listed it.
    Optional<Instant> missingSince = Optional.empty();

    /// How often its link was waited for in vain.
    int linkFailures;

    /// Numbers of the pool's requests that its link is set up for; none once it was set up.
    List<Long> linkRequests = List.of();

    /// Whether a call that corrects it is under way.
    boolean beingCorrected;

    /// What EC2 listed on it last.
    List<Cidr> found = List.of();

    /// Where its addresses come from; empty until a view tells.
    Optional<SubnetId> subnetId = Optional.empty();

    /// Whether the pool is to hear of its role when its link is set up: it is new, or the link carries nothing.
    boolean roleToTell;

    /// Whether it was told to the pool.
    boolean told;

    /// Whether it was in this phase when ipamd started.
    private boolean sinceStart;

    private Instant since;

    NodeEni(LinkPlan link, KnownBlocks blocks, EniPhase phase, Instant now) {
        this.id = link.id();
        this.slot = link.slot();
        this.role = link.role();
        this.link = link;
        this.blocks = blocks;
        this.phase = phase;
        this.since = now;
        this.changedAt = now;
    }

    /// One that was here when ipamd started.
    static NodeEni foundAtStart(LinkPlan link, List<Cidr> blocks, Instant now) {
        NodeEni eni = new NodeEni(link, new KnownBlocks(link.primaryAddress(), blocks, now), EniPhase.READY, now);
        eni.found = blocks;
        eni.sinceStart = true;
        return eni;
    }

    void to(EniPhase next, String why, Instant now) {
        if (phase != next) {
            phase = next;
            sinceStart = false;
            since = now;
        }
        note = why;
    }

    boolean isPrimary() {
        return slot.isPrimary();
    }

    boolean isManaged() {
        return role == EniRole.PODS || role == EniRole.EXCLUDED;
    }

    /// How it looks to the pool.
    Eni asPoolEni(int slots) {
        return new Eni(id, slot, isPrimary(), slots, role);
    }

    EniStatus state() {
        return new EniStatus(
                new EniReference.ById(id),
                phase,
                Optional.of(slot),
                since,
                note,
                sinceStart,
                Optional.of(link.primaryAddress()));
    }

    /// @param role what it is there for, which tags and subnets have a say in
    static LinkPlan planOf(
            Ec2Eni eni, EniAttachment attachment, EniRole role, InetAddress address, Optional<Cidr> subnet) {
        DeviceSlot slot = attachment.slot();
        return new LinkPlan(eni.id(), eni.mac(), slot, role, address, subnet.orElse(null));
    }
}
