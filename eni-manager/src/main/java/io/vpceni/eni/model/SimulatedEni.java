package io.vpceni.eni.model;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.InstanceId;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One ENI as EC2 knows it, from its creation until nobody can see it any more. Changed by [SimulatedVpc] only.
public final class SimulatedEni {
    private static final Duration REMEMBERED = Duration.ofMinutes(12);

    /// How it looked from a moment on.
    ///
    /// @param eni empty: it is deleted
    private record Version(Instant since, Optional<Ec2Eni> eni) {}

    private final EniId id;
    private final SimulatedSubnet subnet;
    private final MacAddress mac;
    private EniRole role;
    private final String description;
    private final Cidr primaryAddress;
    private final Instant createdAt;
    final Set<Cidr> blocks = new LinkedHashSet<>();
    final Map<String, String> tags = new LinkedHashMap<>();
    List<String> groups;

    @Nullable
    EniAttachment attachment;

    /// When an attachment that is under way ends, or a detachment.
    Instant settles = Instant.MAX;

    private boolean roleNew;
    private Instant roleSince = Instant.MIN;
    private final Deque<Version> versions = new ArrayDeque<>();

    SimulatedEni(
            int number,
            SimulatedSubnet subnet,
            EniRole role,
            String description,
            Cidr primaryAddress,
            List<String> groups,
            Instant createdAt) {
        this.id = new EniId("eni-" + Integer.toHexString(0xa00 + number));
        this.mac = new MacAddress(0x02_0a_00_00_00_00L + number);
        this.subnet = subnet;
        this.role = role;
        this.description = description;
        this.primaryAddress = primaryAddress;
        this.createdAt = createdAt;
        this.groups = List.copyOf(groups);
    }

    public EniId id() {
        return id;
    }

    public SimulatedSubnet subnet() {
        return subnet;
    }

    public EniRole role() {
        return role;
    }

    /// Somebody changes the tag that says whether it is managed.
    public void managed(boolean isManaged, Instant now) {
        role = isManaged ? EniRole.PODS : EniRole.UNMANAGED;
        roleNew = true;
        roleSince = now;
        tags.put(EniLabels.NO_MANAGE, String.valueOf(!isManaged));
        changed(now);
    }

    /// Whether nobody here could know its role yet.
    public boolean isRoleNew() {
        return roleNew;
    }

    /// A view arrived at the product, which leaves those aside that may be older than a change of its own.
    public void viewArrived(Instant asked) {
        roleNew &= !asked.isAfter(roleSince.plusSeconds(180));
    }

    public Cidr primaryAddress() {
        return primaryAddress;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /// Secondary addresses and prefixes.
    public Set<Cidr> blocks() {
        return blocks;
    }

    public Map<String, String> tags() {
        return tags;
    }

    public void groups(List<String> now) {
        groups = List.copyOf(now);
    }

    public Optional<EniAttachment> attachment() {
        return Optional.ofNullable(attachment);
    }

    public int card() {
        return attachment == null ? 0 : attachment.slot().networkCard();
    }

    public int index() {
        return attachment == null ? -1 : attachment.slot().deviceIndex();
    }

    public boolean primary() {
        return attachment != null && attachment.slot().isPrimary();
    }

    /// Tied to an instance, be it coming, there or going.
    public boolean hasAttachmentTo(InstanceId instance) {
        return attachment != null && instance.equals(attachment.instanceId());
    }

    /// Attached, or on its way to be.
    public boolean isOn(InstanceId instance) {
        return hasAttachmentTo(instance)
                && attachment()
                        .filter(t -> t.state() != EniAttachment.State.DETACHING)
                        .isPresent();
    }

    /// The ENI as it is.
    public Ec2Eni now() {
        return versions.getLast().eni().orElseThrow();
    }

    public boolean isDeleted() {
        return versions.getLast().eni().isEmpty();
    }

    /// The ENI as it was; empty when it was not there.
    public Optional<Ec2Eni> at(Instant moment) {
        for (Iterator<Version> last = versions.descendingIterator(); last.hasNext(); ) {
            Version version = last.next();
            if (!version.since().isAfter(moment)) {
                return version.eni();
            }
        }
        return Optional.empty();
    }

    /// Whether a view could show it still.
    public boolean isRemembered(Instant now) {
        return !isDeleted() || versions.getLast().since().plus(REMEMBERED).isAfter(now);
    }

    /// Notes how it looks from now on.
    public void changed(Instant now) {
        note(now, Optional.of(describe()));
    }

    public void deleted(Instant now) {
        note(now, Optional.empty());
    }

    private void note(Instant now, Optional<Ec2Eni> eni) {
        versions.addLast(new Version(now, eni));
        while (versions.size() > 1) {
            Version first = versions.removeFirst();
            if (versions.getFirst().since().plus(REMEMBERED).isAfter(now)) {
                versions.addFirst(first);
                break;
            }
        }
    }

    private Ec2Eni describe() {
        String type = switch (role) {
            case TRUNK -> "trunk";
            case EFA -> "efa";
            case PODS, EXCLUDED, UNMANAGED -> "interface";
        };
        return new Ec2Eni(
                id,
                subnet.id(),
                mac,
                primaryAddress.network(),
                new ArrayList<>(blocks),
                type,
                tags,
                description,
                groups,
                attachment);
    }
}
