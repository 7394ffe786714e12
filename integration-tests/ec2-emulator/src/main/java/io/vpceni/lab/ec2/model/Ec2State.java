package io.vpceni.lab.ec2.model;

import io.vpceni.lab.backend.Region;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// All resources of the account, and its current time.
public final class Ec2State {
    private static final Duration TERMINATED_SHOWN = Duration.ofHours(1); // as EC2 goes on describing it

    private final Region region;
    private final String accountId;
    private Ec2Delays delays;
    private final IdSource ids;
    private final InstantSource time;
    private final ResourceTable<Vpc> vpcs = new ResourceTable<>(ResourceKind.VPC);
    private final ResourceTable<Subnet> subnets = new ResourceTable<>(ResourceKind.SUBNET);
    private final ResourceTable<SecurityGroup> securityGroups = new ResourceTable<>(ResourceKind.SECURITY_GROUP);
    private final ResourceTable<Instance> instances = new ResourceTable<>(ResourceKind.INSTANCE);
    private final ResourceTable<NetworkInterface> interfaces = new ResourceTable<>(ResourceKind.NETWORK_INTERFACE);
    private final ResourceTable<CidrReservation> reservations = new ResourceTable<>(ResourceKind.CIDR_RESERVATION);
    private final InstanceTypeCatalog types;
    private int enisMax = Integer.MAX_VALUE;
    private Runnable beforeChange = () -> {};

    public Ec2State(Region region, String accountId, Ec2Delays delays, IdSource ids, InstantSource time) {
        this(region, accountId, delays, ids, time, new InstanceTypeCatalog());
    }

    private Ec2State(
            Region region,
            String accountId,
            Ec2Delays delays,
            IdSource ids,
            InstantSource time,
            InstanceTypeCatalog types) {
        this.types = types;
        this.region = region;
        this.accountId = accountId;
        this.delays = delays;
        this.ids = ids;
        this.time = time;
    }

    /// An independent copy of the current state, with its own time.
    public Ec2State copyAt(InstantSource otherTime) {
        Ec2State copy = new Ec2State(region, accountId, delays, ids, otherTime, types);
        new StateCopy(this, copy).fill();
        return copy;
    }

    /// Calls `listener` before a change that time alone causes.
    public void beforeChange(Runnable listener) {
        beforeChange = listener;
    }

    /// Carries out due changes: ended attachments, terminated instances. To be called before each use of the state.
    public void settle() {
        Instant now = now();
        if (isDue(now)) {
            beforeChange.run();
        }
        for (NetworkInterface eni : List.copyOf(interfaces.all())) {
            eni.forgetDepartedBefore(now.minus(delays.metadataAddress()));
            eni.attachment().ifPresent(attachment -> {
                if (attachment.instance().wasTerminatedBy(now)) {
                    endWithInstance(eni, attachment);
                } else if (attachment.hasEnded(now)) {
                    eni.detach();
                }
            });
        }
        for (Instance instance : List.copyOf(instances.all())) {
            if (instance.wasTerminatedBy(now.minus(TERMINATED_SHOWN))) {
                instances.remove(instance);
            }
        }
    }

    private boolean isDue(Instant now) {
        return interfaces.all().stream()
                .flatMap(eni -> eni.attachment().stream())
                .anyMatch(attachment ->
                        attachment.hasEnded(now) || attachment.instance().wasTerminatedBy(now));
    }

    /// When something next changes by itself; [Instant#MAX] for never.
    public Instant changesNextAt() {
        Instant now = now();
        Stream<Instant> attachments = interfaces.all().stream()
                .flatMap(eni -> eni.attachment().stream())
                .map(attachment -> attachment.changesAt(now));
        Stream<Instant> launches = instances.all().stream().map(instance -> instance.changesAt(now));
        return Stream.concat(attachments, launches)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    private void endWithInstance(NetworkInterface eni, Attachment attachment) {
        eni.detach();
        if (attachment.deleteOnTermination()) {
            discard(eni);
        }
    }

    /// Deletes an ENI and returns its addresses to the subnet.
    void discard(NetworkInterface eni) {
        Subnet subnet = eni.subnet();
        eni.addresses().forEach(held -> subnet.ipv4().give(held.address()));
        eni.prefixes().forEach(subnet.ipv4()::givePrefix);
        eni.ipv6Addresses().forEach(address -> subnet.ipv6Space().give(address));
        eni.ipv6Prefixes().forEach(prefix -> subnet.ipv6Space().give(prefix));
        interfaces.remove(eni);
    }

    /// The attached ENIs of an instance, by network card and device index.
    public List<NetworkInterface> interfacesOf(Instance instance) {
        Comparator<Attachment> place =
                Comparator.comparingInt(Attachment::networkCard).thenComparingInt(Attachment::deviceIndex);
        return interfaces.all().stream()
                .filter(eni -> eni.attachment()
                        .filter(attachment -> attachment.instance() == instance)
                        .isPresent())
                .sorted(Comparator.comparing(eni -> eni.attachment().orElseThrow(), place))
                .toList();
    }

    /// The security groups with the ids, all of the subnet's VPC; the VPC's default group if there are no
    /// ids.
    public List<SecurityGroup> groupsFor(Subnet subnet, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of(defaultGroup(subnet.vpc()));
        }
        return ids.stream()
                .distinct()
                .map(id -> Networks.groupOf(subnet, securityGroups.get(id)))
                .toList();
    }

    private SecurityGroup defaultGroup(Vpc vpc) {
        return securityGroups.all().stream()
                .filter(group -> Objects.equals(group.vpc().id(), vpc.id())
                        && group.name().equals("default"))
                .findFirst()
                .orElseThrow();
    }

    /// To the millisecond, as the API shows times.
    public Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /// The zones of the region: its name with a, b and c.
    public List<String> zones() {
        return region.zones();
    }

    /// `arn:aws:ec2:...` of a resource.
    public String arn(Resource resource) {
        return "arn:" + region.partition() + ":ec2:" + region.name() + ":" + accountId + ":"
                + resource.kind().tagType() + "/" + resource.id();
    }

    /// Everything that can have tags, by kind, then id.
    public Stream<Resource> taggable() {
        return Stream.<Collection<? extends Resource>>of(
                        vpcs.all(),
                        subnets.all(),
                        securityGroups.all(),
                        instances.all(),
                        interfaces.all(),
                        reservations.all())
                .flatMap(Collection::stream);
    }

    public Region region() {
        return region;
    }

    public String accountId() {
        return accountId;
    }

    public Ec2Delays delays() {
        return delays;
    }

    /// From the next request on.
    public void delays(Ec2Delays changed) {
        delays = changed;
    }

    public IdSource ids() {
        return ids;
    }

    public ResourceTable<Vpc> vpcs() {
        return vpcs;
    }

    public ResourceTable<Subnet> subnets() {
        return subnets;
    }

    public ResourceTable<SecurityGroup> securityGroups() {
        return securityGroups;
    }

    public ResourceTable<Instance> instances() {
        return instances;
    }

    public ResourceTable<NetworkInterface> interfaces() {
        return interfaces;
    }

    public ResourceTable<CidrReservation> reservations() {
        return reservations;
    }

    /// The account's quota of ENIs in the region.
    public int enisMax() {
        return enisMax;
    }

    public void enisMax(int quota) {
        enisMax = quota;
    }

    public InstanceTypeCatalog types() {
        return types;
    }
}
