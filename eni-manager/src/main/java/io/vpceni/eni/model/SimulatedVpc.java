package io.vpceni.eni.model;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniAttachment.State;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.InstanceId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The ENIs of a VPC as EC2 has them: those of one instance, the node, and others'. Past states are kept for some
/// minutes, because a Describe may lag behind.
public final class SimulatedVpc {

    /// How old a view can be. The product assumes 60 seconds at most.
    public static final Duration LAG_MAX = Duration.ofSeconds(45);

    private final InstanceId instanceId;
    private final List<String> securityGroups;
    private final List<SimulatedSubnet> subnets;
    private final NodeLimits limits;
    private final Map<EniId, SimulatedEni> all = new LinkedHashMap<>();

    /// This node's, not those that are on their way out.
    private final Map<EniId, SimulatedEni> here = new LinkedHashMap<>();

    /// On their way in or out.
    private final Set<SimulatedEni> unsettled = new LinkedHashSet<>();

    private int nextEni = 1;
    private int nextAttachment = 1;

    /// @param instanceId of the node
    /// @param securityGroups of an ENI for which none are named
    /// @param subnets the node's own first
    public SimulatedVpc(
            InstanceId instanceId, List<String> securityGroups, List<SimulatedSubnet> subnets, NodeLimits limits) {
        this.instanceId = instanceId;
        this.securityGroups = List.copyOf(securityGroups);
        this.subnets = List.copyOf(subnets);
        this.limits = limits;
    }

    /// The node's own.
    public SimulatedSubnet subnet() {
        return subnets.getFirst();
    }

    public List<SimulatedSubnet> subnets() {
        return subnets;
    }

    public NodeLimits limits() {
        return limits;
    }

    public int slots() {
        return limits.slotsPerEni();
    }

    /// Attached to this node, or on their way to be.
    public Collection<SimulatedEni> enis() {
        return here.values();
    }

    /// One of [#enis].
    public Optional<SimulatedEni> eni(EniId id) {
        return Optional.ofNullable(here.get(id));
    }

    /// All that are not deleted, whoever they belong to.
    public List<SimulatedEni> existing() {
        return all.values().stream().filter(eni -> !eni.isDeleted()).toList();
    }

    /// One that is not deleted, whoever it belongs to.
    public Optional<SimulatedEni> find(EniId id) {
        return Optional.ofNullable(all.get(id)).filter(eni -> !eni.isDeleted());
    }

    /// How the ENI looks to the pool.
    public Eni asPoolEni(SimulatedEni eni) {
        return new Eni(eni.id(), new DeviceSlot(eni.card(), eni.index()), eni.primary(), slots(), eni.role());
    }

    // ---- an ENI's life

    /// Makes an ENI with an address of its own, attached to nothing.
    ///
    /// @return empty when the subnet has no address for it
    public Optional<SimulatedEni> create(
            SimulatedSubnet subnet, EniRole role, String description, Instant now, int from) {
        Optional<Cidr> address = subnet.take(BlockKind.ADDRESS, from);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        SimulatedEni eni = new SimulatedEni(nextEni++, subnet, role, description, address.get(), securityGroups, now);
        if (role == EniRole.UNMANAGED) {
            eni.tags.put(EniLabels.NO_MANAGE, "true");
        }
        eni.changed(now);
        all.values().removeIf(old -> !old.isRemembered(now));
        all.put(eni.id(), eni);
        return Optional.of(eni);
    }

    /// Begins to attach an ENI to an instance.
    ///
    /// @param settles when it is attached
    public void beginAttach(SimulatedEni eni, InstanceId instance, int card, int index, Instant now, Instant settles) {
        State state = settles.isAfter(now) ? State.ATTACHING : State.ATTACHED;
        AttachmentId id = new AttachmentId("eni-attach-" + Integer.toHexString(0xa00 + nextAttachment++));
        eni.attachment = new EniAttachment(id, instance, new DeviceSlot(card, index), state, false);
        unsettled(eni, settles, now);
        if (instance.equals(instanceId)) {
            here.put(eni.id(), eni);
        }
        eni.changed(now);
    }

    /// Begins to detach it.
    public void beginDetach(SimulatedEni eni, Instant now, Instant settles) {
        EniAttachment attachment = eni.attachment().orElseThrow();
        here.remove(eni.id());
        eni.attachment =
                settles.isAfter(now) ? with(attachment, State.DETACHING, attachment.deleteOnTermination()) : null;
        unsettled(eni, settles, now);
        eni.changed(now);
    }

    private void unsettled(SimulatedEni eni, Instant settles, Instant now) {
        if (settles.isAfter(now)) {
            eni.settles = settles;
            unsettled.add(eni);
        } else {
            unsettled.remove(eni);
        }
    }

    public void deleteOnTermination(SimulatedEni eni, Instant now) {
        EniAttachment attachment = eni.attachment().orElseThrow();
        eni.attachment = with(attachment, attachment.state(), true);
        eni.changed(now);
    }

    private static EniAttachment with(EniAttachment attachment, State state, boolean deleteOnTermination) {
        return new EniAttachment(
                attachment.id(), attachment.instanceId(), attachment.slot(), state, deleteOnTermination);
    }

    /// Deletes an ENI, attached or not.
    public void delete(SimulatedEni eni, Instant now) {
        eni.blocks.forEach(eni.subnet()::giveBack);
        eni.subnet().giveBack(eni.primaryAddress());
        eni.blocks.clear();
        eni.attachment = null;
        here.remove(eni.id());
        unsettled.remove(eni);
        eni.deleted(now);
    }

    /// Attachments and detachments that have ended by now.
    public void settle(Instant now) {
        if (unsettled.isEmpty()) {
            return;
        }
        for (SimulatedEni eni : List.copyOf(unsettled)) {
            if (!eni.settles.isAfter(now)) {
                unsettled.remove(eni);
                EniAttachment attachment = eni.attachment().orElseThrow();
                eni.attachment = attachment.state() == State.ATTACHING
                        ? with(attachment, State.ATTACHED, attachment.deleteOnTermination())
                        : null;
                eni.changed(eni.settles);
            }
        }
    }

    // ---- shortcuts of the world's own

    /// Makes an ENI and attaches it at once at the first free device index of its card.
    ///
    /// @return empty when the card is full or the subnet has no address for it
    public Optional<SimulatedEni> attach(int card, EniRole role, Instant now, int from) {
        Optional<Integer> index = freeIndex(card);
        if (index.isEmpty()) {
            return Optional.empty();
        }
        Optional<SimulatedEni> eni = create(subnet(), role, "", now, from);
        eni.ifPresent(made -> beginAttach(made, instanceId, card, index.get(), now, now));
        return eni;
    }

    /// The lowest one that nothing occupies; empty when the card has all its ENIs.
    public Optional<Integer> freeIndex(int card) {
        Set<Integer> used = occupied(card);
        int max = card < limits.enisMaxByCard().size() ? limits.enisMaxByCard().get(card) : 0;
        if (used.size() >= max) {
            return Optional.empty();
        }
        int index = 0;
        while (used.contains(index)) {
            index++;
        }
        return Optional.of(index);
    }

    /// Device indices of this node that an ENI is at, be it coming or going.
    public Set<Integer> occupied(int card) {
        Set<Integer> used = new HashSet<>();
        for (SimulatedEni eni : all.values()) {
            if (eni.hasAttachmentTo(instanceId) && eni.card() == card) {
                used.add(eni.index());
            }
        }
        return used;
    }

    public boolean cardIsFull(int card) {
        return card >= limits.enisMaxByCard().size()
                || occupied(card).size() >= limits.enisMaxByCard().get(card);
    }

    /// Puts as many blocks on the ENI as its subnet gives.
    public List<Cidr> assign(SimulatedEni eni, BlockKind kind, int count, Instant now, int from) {
        List<Cidr> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Optional<Cidr> block = eni.subnet().take(kind, from);
            if (block.isEmpty()) {
                break;
            }
            added.add(block.get());
        }
        if (eni.blocks.addAll(added)) {
            eni.changed(now);
        }
        return added;
    }

    public void unassign(SimulatedEni eni, Collection<Cidr> blocks, Instant now) {
        boolean changed = false;
        for (Cidr block : blocks) {
            if (eni.blocks.remove(block)) {
                eni.subnet().giveBack(block);
                changed = true;
            }
        }
        if (changed) {
            eni.changed(now);
        }
    }

    /// The pods' ENI of this node that the address is on.
    public Optional<SimulatedEni> ownerOf(InetAddress address) {
        boolean ipv6 = address.getAddress().length == 16;
        Cidr whole = Cidr.containing(address, ipv6 ? 80 : 32);
        Optional<Cidr> prefix = ipv6 ? Optional.empty() : Optional.of(Cidr.containing(address, 28));
        for (SimulatedEni eni : here.values()) {
            if ((eni.role() == EniRole.PODS || eni.isRoleNew())
                    && (eni.blocks.contains(whole)
                            || prefix.filter(eni.blocks::contains).isPresent())) {
                return Optional.of(eni);
            }
        }
        return Optional.empty();
    }

    // ---- views

    /// What a Describe answers that shows EC2 as it was at that moment: ENIs in the order of their creation.
    public List<Ec2Eni> describe(Instant moment, Predicate<Ec2Eni> wanted) {
        List<Ec2Eni> found = new ArrayList<>();
        for (SimulatedEni eni : all.values()) {
            eni.at(moment).filter(wanted).ifPresent(found::add);
        }
        return found;
    }

    /// One ENI as it was.
    public Optional<Ec2Eni> describe(Instant moment, EniId id) {
        return Optional.ofNullable(all.get(id)).flatMap(eni -> eni.at(moment));
    }

    public static boolean hasAttachmentTo(Ec2Eni eni, InstanceId instance) {
        EniAttachment attachment = eni.attachment();
        return attachment != null && instance.equals(attachment.instanceId());
    }

    /// By ENI that was on this node at that moment, its blocks.
    public Map<EniId, Set<Cidr>> viewAsOf(Instant moment) {
        Map<EniId, Set<Cidr>> view = new LinkedHashMap<>();
        for (Ec2Eni eni : describe(moment, eni -> hasAttachmentTo(eni, instanceId))) {
            EniAttachment attachment = eni.attachment();
            if (attachment != null && attachment.state() != State.DETACHING) {
                view.put(eni.id(), new LinkedHashSet<>(eni.blocks()));
            }
        }
        return view;
    }
}
