package io.vpceni.eni.site;

import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.config.Provisioning;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.site.SubnetState.Eligibility;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Chooses subnets, security groups and tags of this node's ENIs, and which attached ENIs are used. Mutable, confined
/// to its owner; the time is an argument.
///
/// Without discovery new ENIs are in the primary ENI's subnet, and EC2 is not asked for subnets. With discovery they
/// are in those subnets of the zone that are tagged for it, the one with the most free addresses first. With custom
/// networking only the zone's entry counts, and the primary ENI carries no pods.
public final class EniPlacements {

    private final EniSettings settings;

    private final NodeIdentity node;

    private final ZoneNetworks zones;

    private final SubnetTags tags;

    private final SubnetRefresh looks = new SubnetRefresh();

    private final SubnetBackoff backoff = new SubnetBackoff();

    /// The last list of EC2, the preferred subnet first; empty before the first list.
    private SequencedMap<SubnetId, Ec2Subnet> listed = new LinkedHashMap<>();

    private List<String> primaryGroups;

    /// @param zones asked only with custom networking
    public EniPlacements(EniSettings settings, NodeIdentity node, ZoneNetworks zones) {
        this.settings = settings;
        this.node = node;
        this.zones = zones;
        this.tags = new SubnetTags(settings.clusterName());
        this.primaryGroups = node.securityGroups();
    }

    /// Whether to call `SubnetsOf` before an ENI is created. When that fails, an ENI can be created anyway.
    public boolean wantsLook(Instant now) {
        return isByTags() && settings.provisioning() == Provisioning.ON && looks.isWantedBeforeAnEni(now);
    }

    /// Whether to call `SubnetsOf` although no ENI is wanted, because tags may have changed.
    public boolean wantsRegularLook(Instant now) {
        return isByTags() && settings.provisioning() != Provisioning.IMDS_ONLY && looks.isRegularlyDue(now);
    }

    /// EC2 answered.
    public void saw(List<Ec2Subnet> subnets, Instant now) {
        looks.saw(now);
        SequencedMap<SubnetId, Ec2Subnet> sorted = new LinkedHashMap<>();
        subnets.stream()
                .sorted(Comparator.comparingInt(Ec2Subnet::addressesFree)
                        .reversed()
                        .thenComparing(subnet -> !isPrimary(subnet.id()))
                        .thenComparing(Ec2Subnet::id))
                .forEach(subnet -> sorted.put(subnet.id(), subnet));
        listed = sorted;
    }

    /// EC2 refused or did not answer: the last list stays in use.
    public void unseen(Instant now) {
        looks.failed(now);
    }

    /// The placement of the next ENI, which is created with blocks of that kind; empty when every subnet backs
    /// off ([#backoffUntil]) or none may be used.
    public Optional<EniPlacement> next(BlockKind kind, Instant now) {
        return candidates()
                .filter(subnet -> backoff.until(subnet, kind, now).isEmpty())
                .findFirst()
                .map(subnet ->
                        new EniPlacement(subnet, groupsForNew(), blockOf(subnet).orElse(null)));
    }

    /// When the first subnet ends its back-off; empty when a subnet does not back off, or none may be used.
    public Optional<Instant> backoffUntil(BlockKind kind, Instant now) {
        if (next(kind, now).isPresent()) {
            return Optional.empty();
        }
        return candidates()
                .flatMap(subnet -> backoff.until(subnet, kind, now).stream())
                .min(Comparator.naturalOrder());
    }

    /// A subnet had no free address for a new ENI or for an existing one.
    ///
    /// @param prefixesOnly it has free addresses, but no free aligned block
    public void exhausted(SubnetId subnetId, boolean prefixesOnly, Instant now) {
        backoff.exhausted(subnetId, prefixesOnly, now);
        looks.doubt();
    }

    /// A subnet had room: blocks of that kind were assigned in it.
    public void hadRoom(SubnetId subnetId, BlockKind kind) {
        backoff.hadRoom(subnetId, kind);
    }

    /// The security groups that the primary ENI has now. An empty list is ignored.
    public void primaryGroups(List<String> groups) {
        if (!groups.isEmpty()) {
            primaryGroups = List.copyOf(groups);
        }
    }

    /// The security groups that an attached ENI should have: the primary ENI's, or its zone's. Unchanged are
    /// the primary ENI, ENIs that are not for pods, ENIs in a former custom subnet, and all ENIs when ipamd
    /// must not change anything.
    public List<String> groupsFor(Ec2Eni eni) {
        if (eni.isPrimary() || !isPodEni(eni) || settings.provisioning() != Provisioning.ON) {
            return eni.groups();
        }
        if (!settings.customNetworking()) {
            return primaryGroups;
        }
        return zones.in(node.availabilityZone())
                .filter(zone -> zone.subnetId().equals(eni.subnetId()))
                .map(_ -> groupsForNew())
                .orElse(eni.groups());
    }

    /// The description of a new ENI.
    public String description() {
        return EniLabels.description(node.instanceId());
    }

    /// The tags of a new ENI.
    public SequencedMap<String, String> tagsForNew(Instant now) {
        SequencedMap<String, String> all = EniLabels.tags(node.instanceId(), settings.clusterName(), now);
        all.putAll(settings.additionalTags());
        return all;
    }

    /// The tags that an attached ENI lacks or has with another value. The primary ENI gets only the additional
    /// ones, so that by default no call is needed for it; ENIs that are not for pods are not tagged.
    public SequencedMap<String, String> missingTags(Ec2Eni eni) {
        SequencedMap<String, String> missing = new LinkedHashMap<>();
        if (isPodEni(eni) && settings.provisioning() == Provisioning.ON) {
            if (!eni.isPrimary()) {
                missing.putAll(EniLabels.ownership(node.instanceId(), settings.clusterName()));
            }
            missing.putAll(settings.additionalTags());
            missing.entrySet().removeIf(tag -> tag.getValue().equals(eni.tags().get(tag.getKey())));
        }
        return missing;
    }

    /// The role of an attached ENI.
    public EniRole roleOf(Ec2Eni eni) {
        EniRole byType = eni.role();
        if (byType == EniRole.TRUNK || byType == EniRole.EFA) {
            return byType;
        }
        if (!manages(eni)) {
            return EniRole.UNMANAGED;
        }
        return isExcluded(eni) ? EniRole.EXCLUDED : EniRole.PODS;
    }

    /// Whether no new pod may be on that ENI: its subnet's tags say so, or it is custom networking's primary ENI.
    public boolean isExcluded(Ec2Eni eni) {
        if (settings.customNetworking()) {
            return eni.isPrimary();
        }
        Ec2Subnet subnet = listed.get(eni.subnetId());
        return settings.discoversSubnets() && subnet != null && eligibility(subnet) == Eligibility.EXCLUDED;
    }

    /// Whether an attached ENI may be used. IMDS shows no tags, so with IMDS all may.
    public boolean manages(Ec2Eni eni) {
        if (eni.isPrimary() || settings.provisioning() == Provisioning.IMDS_ONLY) {
            return true;
        }
        String noManage = eni.tags().get(EniLabels.NO_MANAGE);
        if (noManage != null) {
            return !noManage.equals("true");
        }
        return settings.managesUntagged()
                || node.instanceId().value().equals(eni.tags().get(EniLabels.INSTANCE_ID));
    }

    /// A subnet's IPv4 block, when EC2 has returned it.
    public Optional<Cidr> blockOf(SubnetId subnetId) {
        return Optional.ofNullable(listed.get(subnetId)).map(Ec2Subnet::block);
    }

    /// The known subnets, in the order in which they are tried.
    public List<SubnetState> states(Instant now) {
        List<SubnetState> states = new ArrayList<>();
        List<SubnetId> used = candidates().toList();
        for (SubnetId id : used) {
            states.add(state(id, Eligibility.USED, now));
        }
        for (Ec2Subnet subnet : listed.values()) {
            if (isByTags() && !used.contains(subnet.id())) {
                states.add(state(subnet.id(), eligibility(subnet), now));
            }
        }
        return List.copyOf(states);
    }

    /// The subnets that may be used, in order of preference, including those that back off.
    private Stream<SubnetId> candidates() {
        if (settings.customNetworking()) {
            return zones.in(node.availabilityZone()).map(ZoneNetwork::subnetId).stream();
        }
        Stream<SubnetId> own = Stream.of(node.subnetId());
        if (!settings.discoversSubnets()) {
            return own;
        }
        Stream<SubnetId> unlisted = own.filter(id -> !listed.containsKey(id));
        Stream<SubnetId> tagged = listed.values().stream().filter(this::isUsed).map(Ec2Subnet::id);
        return Stream.concat(tagged, unlisted);
    }

    private boolean isByTags() {
        return settings.discoversSubnets() && !settings.customNetworking();
    }

    private boolean isPodEni(Ec2Eni eni) {
        EniRole role = roleOf(eni);
        return role == EniRole.PODS || role == EniRole.EXCLUDED;
    }

    private boolean isUsed(Ec2Subnet subnet) {
        return eligibility(subnet) == Eligibility.USED;
    }

    private Eligibility eligibility(Ec2Subnet subnet) {
        return tags.eligibility(subnet, isPrimary(subnet.id()));
    }

    private boolean isPrimary(SubnetId subnetId) {
        return subnetId.equals(node.subnetId());
    }

    private List<String> groupsForNew() {
        if (!settings.customNetworking()) {
            return primaryGroups;
        }
        return zones.in(node.availabilityZone())
                .map(ZoneNetwork::groups)
                .filter(groups -> !groups.isEmpty())
                .orElse(primaryGroups);
    }

    private SubnetState state(SubnetId id, Eligibility eligibility, Instant now) {
        Ec2Subnet subnet = listed.get(id);
        return new SubnetState(
                id,
                eligibility,
                isPrimary(id),
                subnet == null ? OptionalInt.empty() : OptionalInt.of(subnet.addressesFree()),
                backoff.until(id, BlockKind.ADDRESS, now).orElse(null),
                backoff.until(id, BlockKind.PREFIX, now).orElse(null));
    }
}
