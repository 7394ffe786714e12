package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Lag;
import io.vpceni.pool.NodeLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All ENIs of this node by where they are in their lives, and which device index is whose. Mutable.
final class NodeEnis {

    /// Where an ENI is plugged in.
    record Place(int networkCard, int deviceIndex) {}

    final NodeIdentity identity;
    final NodeLimits limits;

    /// When this life of ipamd began: what an earlier one did shows in views only [Lag#MAX] later.
    Instant startedAt = Instant.MIN;

    /// The block of the primary ENI's subnet; null until it is told.
    @Nullable
    Cidr primarySubnet;

    /// Attached, by id. In order, so that the same one comes first again.
    final Map<EniId, NodeEni> attached = new TreeMap<>();

    /// On their way to be.
    final List<EniCreation> births = new ArrayList<>();

    /// On their way out.
    final Map<EniId, EniRemoval> departures = new TreeMap<>();

    /// Places that EC2's latest view shows taken, by whomever.
    private final Map<EniId, Place> occupied = new HashMap<>();

    /// Left this node: views that may be older than that still show them.
    private final Map<EniId, Instant> left = new HashMap<>();

    NodeEnis(NodeIdentity identity, NodeLimits limits) {
        this.identity = identity;
        this.limits = limits;
    }

    String instanceId() {
        return identity.instanceId();
    }

    Optional<NodeEni> ready(EniId id) {
        return Optional.ofNullable(attached.get(id)).filter(life -> !departures.containsKey(id));
    }

    Optional<EniCreation> birthOf(EniId id) {
        return births.stream().filter(birth -> birth.isOf(id)).findFirst();
    }

    /// The block of a subnet as far as this node knows it without asking.
    @Nullable
    Cidr blockOf(String subnetId) {
        return subnetId.equals(identity.subnetId()) ? primarySubnet : null;
    }

    /// One whose link is waited for.
    Optional<EniCreation> linking(EniId id) {
        return birthOf(id).filter(birth -> birth.stage == EniPhase.LINKING);
    }

    /// Whether something else is where the ENI was promised to be.
    boolean isSupplanted(EniCreation birth) {
        Set<Place> others = new HashSet<>();
        occupied.forEach((id, place) -> {
            if (!left.containsKey(id) && !birth.isOf(id)) {
                others.add(place);
            }
        });
        attached.values().forEach(life -> others.add(new Place(life.networkCard, life.deviceIndex)));
        departures.values().forEach(departure -> departure.place().ifPresent(others::add));
        return birth.place().filter(others::contains).isPresent();
    }

    boolean knows(EniId id) {
        return attached.containsKey(id)
                || departures.containsKey(id)
                || birthOf(id).isPresent();
    }

    /// Whether the ENI is attached and managed, as far as is known: only then anything of it is changed.
    boolean mayChange(NodeEni life) {
        return attached.get(life.id) == life && life.isManaged();
    }

    /// Whether the ENI is attached and somebody has marked it as not to be managed, as far as is known.
    boolean isUnmanaged(EniId id) {
        @Nullable NodeEni life = attached.get(id);
        return life != null && !life.isManaged();
    }

    /// The lowest device index of a card that nothing has and nothing was promised.
    ///
    /// @return empty when the card holds as many ENIs as it may
    OptionalInt freeIndex(int card) {
        Set<Integer> taken = new HashSet<>();
        takenPlaces().stream()
                .filter(place -> place.networkCard() == card)
                .forEach(place -> taken.add(place.deviceIndex()));
        if (card >= limits.enisMaxByCard().size()
                || taken.size() >= limits.enisMaxByCard().get(card)) {
            return OptionalInt.empty();
        }
        int index = card == 0 ? 1 : 0;
        while (taken.contains(index)) {
            index++;
        }
        return OptionalInt.of(index);
    }

    private Set<Place> takenPlaces() {
        Set<Place> taken = new HashSet<>();
        occupied.forEach((id, place) -> {
            if (!left.containsKey(id)) {
                taken.add(place);
            }
        });
        attached.values().forEach(life -> taken.add(new Place(life.networkCard, life.deviceIndex)));
        births.forEach(birth -> birth.place().ifPresent(taken::add));
        departures.values().forEach(departure -> departure.place().ifPresent(taken::add));
        return taken;
    }

    /// What a view shows of who is plugged in where.
    void occupied(List<Ec2Eni> enis) {
        occupied.clear();
        for (Ec2Eni eni : enis) {
            @Nullable EniAttachment tie = eni.attachment();
            if (tie != null) {
                occupied.put(eni.id(), new Place(tie.networkCard(), tie.deviceIndex()));
            }
        }
    }

    void noteLeft(EniId id, Instant now) {
        left.values().removeIf(at -> at.plus(Lag.MAX.multipliedBy(2)).isBefore(now));
        left.put(id, now);
    }

    /// It has not left after all.
    void back(EniId id) {
        left.remove(id);
    }

    /// Whether a view may show the ENI though it has left.
    ///
    /// @param asked when the view was asked for
    boolean mayHaunt(EniId id, Instant asked) {
        left.values().removeIf(at -> at.plus(Lag.MAX).isBefore(asked));
        return left.containsKey(id);
    }
}
