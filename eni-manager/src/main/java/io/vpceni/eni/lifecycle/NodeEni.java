package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An ENI that is attached to this node, as far as is known. Mutable.
final class NodeEni {

    final EniId id;
    final int networkCard;
    final int deviceIndex;
    final boolean primary;
    LinkPlan link;
    final KnownBlocks blocks;
    EniPhase stage;

    /// What it is there for now.
    EniRole role;

    Instant since;
    String note = "";

    /// Whether it was at this stage when ipamd started.
    boolean sinceStart;

    /// EC2's name of the tie; null until a view tells.
    @Nullable
    String attachmentId;

    /// When it was attached, or last put right: older views say nothing about that.
    Instant changedAt;

    /// The first of the views that lacked it; null when the last one listed it.
    @Nullable
    Instant missingSince;

    /// How often its link was waited for in vain.
    int linkFailures;

    /// Whether a call that puts it right is under way.
    boolean beingPutRight;

    /// What EC2 listed on it last.
    List<Cidr> found = List.of();

    /// Where its addresses come from; "" until a view tells.
    String subnetId = "";

    /// Whether the pool is to hear of its role when its link is set up: it is new, or the link carries nothing.
    boolean roleToTell;

    /// Whether it was told to the pool.
    boolean told;

    NodeEni(LinkPlan link, KnownBlocks blocks, EniPhase stage, Instant now) {
        this.id = link.id();
        this.networkCard = link.networkCard();
        this.deviceIndex = link.deviceIndex();
        this.primary = link.primary();
        this.role = link.role();
        this.link = link;
        this.blocks = blocks;
        this.stage = stage;
        this.since = now;
        this.changedAt = now;
    }

    void to(EniPhase next, String why, Instant now) {
        if (stage != next) {
            stage = next;
            sinceStart = false;
            since = now;
        }
        note = why;
    }

    /// How it looks to the pool.
    Eni asPoolEni(int slots) {
        return new Eni(id, networkCard, deviceIndex, primary, slots, role);
    }

    boolean isManaged() {
        return role == EniRole.PODS || role == EniRole.EXCLUDED;
    }

    EniStatus state() {
        return new EniStatus(
                id.value(),
                stage,
                networkCard,
                deviceIndex,
                since,
                note,
                sinceStart,
                Optional.of(link.primaryAddress()));
    }

    /// @param role what it is there for, which tags and subnets have a say in
    static LinkPlan planOf(Ec2Eni eni, EniAttachment tie, EniRole role, InetAddress address, @Nullable Cidr subnet) {
        return new LinkPlan(
                eni.id(),
                eni.mac(),
                tie.networkCard(),
                tie.deviceIndex(),
                tie.networkCard() == 0 && tie.deviceIndex() == 0,
                role,
                address,
                subnet);
    }
}
