package io.vpceni.lab.ec2.model;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An ENI. Changed only by the classes of rules beside it.
public final class NetworkInterface implements Resource {
    private final String id;
    private final Subnet subnet;
    private final String macAddress;
    private final SortedMap<String, String> tags;
    private final InterfaceType type;
    private final Holdings<PrivateAddress> addresses = new Holdings<>();
    private final Holdings<Ipv4Block> prefixes = new Holdings<>();
    private final Holdings<InetAddress> ipv6Addresses = new Holdings<>();
    private final Holdings<Ipv6Block> ipv6Prefixes = new Holdings<>();
    private List<SecurityGroup> groups;
    private String description;
    private boolean sourceDestCheck = true;
    private ConnectionTracking connectionTracking = ConnectionTracking.defaults();
    private @Nullable Attachment attachment;

    NetworkInterface(
            String id,
            Subnet subnet,
            InterfaceType type,
            String macAddress,
            String description,
            List<SecurityGroup> groups,
            SortedMap<String, String> tags) {
        this.id = id;
        this.subnet = subnet;
        this.type = type;
        this.macAddress = macAddress;
        this.description = description;
        this.groups = List.copyOf(groups);
        this.tags = tags;
    }

    /// In a copy of its subnet, unattached.
    NetworkInterface copy(Subnet itsCopy) {
        NetworkInterface copy =
                new NetworkInterface(id, itsCopy, type, macAddress, description, groups, new TreeMap<>(tags));
        copy.addresses.addAllOf(addresses);
        copy.prefixes.addAllOf(prefixes);
        copy.ipv6Addresses.addAllOf(ipv6Addresses);
        copy.ipv6Prefixes.addAllOf(ipv6Prefixes);
        copy.sourceDestCheck = sourceDestCheck;
        copy.connectionTracking = connectionTracking;
        return copy;
    }

    /// The primary address first, then in the order of their assignment.
    public List<PrivateAddress> addresses() {
        return addresses.all();
    }

    public InetAddress primaryAddress() {
        return addresses().getFirst().address();
    }

    /// In the order of their assignment.
    public List<Ipv4Block> prefixes() {
        return prefixes.all();
    }

    /// In the order of their assignment.
    public List<InetAddress> ipv6Addresses() {
        return ipv6Addresses.all();
    }

    /// In the order of their assignment.
    public List<Ipv6Block> ipv6Prefixes() {
        return ipv6Prefixes.all();
    }

    /// Addresses and prefixes: each takes one slot of what the instance type allows.
    int slots() {
        return addresses.size() + prefixes.size();
    }

    int ipv6Slots() {
        return ipv6Addresses.size() + ipv6Prefixes.size();
    }

    /// All IPv4 addresses that lead to it: its own, then those of its prefixes.
    List<InetAddress> routed() {
        return Stream.concat(
                        addresses().stream().map(PrivateAddress::address),
                        prefixes().stream().flatMap(prefix -> prefix.addresses().stream()))
                .toList();
    }

    void add(Ipv4Block prefix, Instant now) {
        prefixes.add(prefix, now);
    }

    void remove(Ipv4Block prefix, Instant now) {
        prefixes.remove(prefix, now);
    }

    void add(Ipv6Block prefix, Instant now) {
        ipv6Prefixes.add(prefix, now);
    }

    void remove(Ipv6Block prefix, Instant now) {
        ipv6Prefixes.remove(prefix, now);
    }

    void addIpv6(InetAddress address, Instant now) {
        ipv6Addresses.add(address, now);
    }

    void removeIpv6(InetAddress address, Instant now) {
        ipv6Addresses.remove(address, now);
    }

    boolean has(InetAddress address) {
        return held(address).isPresent();
    }

    private Optional<PrivateAddress> held(InetAddress address) {
        return addresses().stream()
                .filter(held -> held.address().equals(address))
                .findFirst();
    }

    void add(InetAddress address, Instant now) {
        addresses.add(new PrivateAddress(address, addresses.size() == 0), now);
    }

    void remove(InetAddress address, Instant now) {
        addresses.remove(held(address).orElseThrow(), now);
    }

    /// The addresses as they were `lag` ago, the primary one first: it is there from the first moment.
    List<InetAddress> addressesAsOf(Instant now, Duration lag) {
        return Stream.concat(Stream.of(addresses().getFirst()), addresses.asOf(now, lag).stream())
                .map(PrivateAddress::address)
                .distinct()
                .toList();
    }

    List<Ipv4Block> prefixesAsOf(Instant now, Duration lag) {
        return prefixes.asOf(now, lag);
    }

    List<InetAddress> ipv6AddressesAsOf(Instant now, Duration lag) {
        return ipv6Addresses.asOf(now, lag);
    }

    List<Ipv6Block> ipv6PrefixesAsOf(Instant now, Duration lag) {
        return ipv6Prefixes.asOf(now, lag);
    }

    void forgetDepartedBefore(Instant then) {
        addresses.forgetDepartedBefore(then);
        prefixes.forgetDepartedBefore(then);
        ipv6Addresses.forgetDepartedBefore(then);
        ipv6Prefixes.forgetDepartedBefore(then);
    }

    public Optional<Attachment> attachment() {
        return Optional.ofNullable(attachment);
    }

    void attach(Attachment made) {
        attachment = made;
    }

    void detach() {
        attachment = null;
    }

    /// `available` or `in-use`; how far an attachment has come is the attachment's status.
    public String status() {
        return attachment == null ? "available" : "in-use";
    }

    public List<SecurityGroup> groups() {
        return groups;
    }

    void groups(List<SecurityGroup> changed) {
        groups = List.copyOf(changed);
    }

    public String description() {
        return description;
    }

    public void description(String changed) {
        description = changed;
    }

    public boolean sourceDestCheck() {
        return sourceDestCheck;
    }

    public void sourceDestCheck(boolean wanted) {
        sourceDestCheck = wanted;
    }

    public ConnectionTracking connectionTracking() {
        return connectionTracking;
    }

    public void connectionTracking(ConnectionTracking changed) {
        connectionTracking = changed;
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.NETWORK_INTERFACE;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public SortedMap<String, String> tags() {
        return tags;
    }

    public Subnet subnet() {
        return subnet;
    }

    public InterfaceType type() {
        return type;
    }

    public String macAddress() {
        return macAddress;
    }
}
