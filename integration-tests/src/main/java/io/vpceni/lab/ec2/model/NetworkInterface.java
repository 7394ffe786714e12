package io.vpceni.lab.ec2.model;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An ENI. Changed only by the classes of rules beside it.
public final class NetworkInterface implements Resource {
    /// An address that was taken away; the metadata service shows it a little longer.
    private record Departed(PrivateAddress address, Instant at) {}

    private final String id;
    private final Subnet subnet;
    private final String macAddress;
    private final SortedMap<String, String> tags;
    private final List<PrivateAddress> addresses = new ArrayList<>();
    private final List<Ipv4Block> prefixes = new ArrayList<>();
    private final List<Departed> departed = new ArrayList<>();
    private List<SecurityGroup> groups;
    private String description;
    private boolean sourceDestCheck = true;
    private @Nullable Attachment attachment;

    NetworkInterface(
            String id,
            Subnet subnet,
            String macAddress,
            String description,
            List<SecurityGroup> groups,
            SortedMap<String, String> tags) {
        this.id = id;
        this.subnet = subnet;
        this.macAddress = macAddress;
        this.description = description;
        this.groups = List.copyOf(groups);
        this.tags = tags;
    }

    /// In a copy of its subnet, unattached.
    NetworkInterface copy(Subnet itsCopy) {
        NetworkInterface copy = new NetworkInterface(id, itsCopy, macAddress, description, groups, new TreeMap<>(tags));
        copy.addresses.addAll(addresses);
        copy.prefixes.addAll(prefixes);
        copy.departed.addAll(departed);
        copy.sourceDestCheck = sourceDestCheck;
        return copy;
    }

    /// The primary address first, then in the order of their assignment.
    public List<PrivateAddress> addresses() {
        return Collections.unmodifiableList(addresses);
    }

    public InetAddress primaryAddress() {
        return addresses.getFirst().address();
    }

    /// In the order of their assignment.
    public List<Ipv4Block> prefixes() {
        return Collections.unmodifiableList(prefixes);
    }

    /// Addresses and prefixes: each takes one slot of what the instance type allows.
    int slots() {
        return addresses.size() + prefixes.size();
    }

    /// All addresses that lead to it: its own, then those of its prefixes.
    List<InetAddress> routed() {
        return Stream.concat(
                        addresses.stream().map(PrivateAddress::address),
                        prefixes.stream().flatMap(prefix -> prefix.addresses().stream()))
                .toList();
    }

    void add(Ipv4Block prefix) {
        prefixes.add(prefix);
    }

    void remove(Ipv4Block prefix) {
        prefixes.remove(prefix);
    }

    boolean has(InetAddress address) {
        return addresses.stream().anyMatch(held -> held.address().equals(address));
    }

    void add(InetAddress address, Instant now) {
        addresses.add(new PrivateAddress(address, addresses.isEmpty(), now));
    }

    void remove(InetAddress address, Instant now) {
        PrivateAddress held = addresses.stream()
                .filter(candidate -> candidate.address().equals(address))
                .findFirst()
                .orElseThrow();
        addresses.remove(held);
        departed.add(new Departed(held, now));
    }

    /// The addresses as they were `lag` ago: the new ones not yet, the old ones still.
    List<InetAddress> addressesAsOf(Instant now, Duration lag) {
        Instant then = now.minus(lag);
        Stream<PrivateAddress> gone = departed.stream()
                .filter(old -> old.at().isAfter(then) && !old.address().since().isAfter(then))
                .map(Departed::address);
        Stream<PrivateAddress> held = addresses.stream()
                .filter(address -> address.primary() || !address.since().isAfter(then));
        return Stream.concat(held, gone).map(PrivateAddress::address).distinct().toList();
    }

    void forgetDepartedBefore(Instant then) {
        departed.removeIf(old -> !old.at().isAfter(then));
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

    public String macAddress() {
        return macAddress;
    }
}
