package io.vpceni.lab.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.LabSubnet;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// What the AWS VPC CNI (version 1.23) does to a node's kernel and to its own checkpoint: its daemon's start, ADD and
/// DEL. Made from the facts, with `ip`; no line of our product is in it.
///
/// What it knows at run time goes when it stops. The next start has the checkpoint, EC2's lists, and the names of the
/// node's links.
final class AwsVpcCni {
    private static final String VERSION = "vpc-cni-ipam/1";
    private static final String NETWORK = "aws-cni";
    private static final String MIGRATED = "_migrated-from-cri"; // of pods that came from version 1.6
    private static final String PREFIX = "eni";
    private static final Duration COOLDOWN = Duration.ofSeconds(30);
    private static final int SAME_RULES_MAX = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LabInfrastructure infrastructure;
    private final VpcNode node;
    private final Path checkpoint;
    private final InstantSource time;
    private final Map<InetAddress, Allocation> table = new LinkedHashMap<>();
    private final Map<InetAddress, Instant> unassigned = new HashMap<>();
    private final List<String> dropped = new ArrayList<>();
    private int turn;

    private record Allocation(
            String network,
            String container,
            String interfaceName,
            InetAddress address,
            long nanos,
            String podNamespace,
            String podName) {
        boolean isNamed() {
            return !podNamespace.isEmpty() && !podName.isEmpty();
        }
    }

    private AwsVpcCni(LabInfrastructure infrastructure, VpcNode node, Path checkpoint, InstantSource time) {
        this.infrastructure = infrastructure;
        this.node = node;
        this.checkpoint = checkpoint;
        this.time = time;
    }

    /// Sets the node's ENIs up, and takes in what the checkpoint says of pods that it can see.
    static AwsVpcCni start(LabInfrastructure infrastructure, VpcNode node, Path checkpoint) throws IOException {
        AwsVpcCni started = new AwsVpcCni(infrastructure, node, checkpoint, InstantSource.system());
        for (FabricEni eni : started.enis()) {
            started.setUp(eni);
        }
        started.restore();
        return started;
    }

    /// Names of the pods whose entries a start with that checkpoint would drop, without starting.
    static Set<String> wouldDrop(VpcNode node, Path checkpoint) throws IOException {
        List<String> links = links(node);
        Set<String> pods = new TreeSet<>();
        for (Allocation entry : read(checkpoint)) {
            if (!hasLink(entry, links)) {
                pods.add(entry.podNamespace() + "/" + entry.podName());
            }
        }
        return pods;
    }

    /// Pods that the start did not take in.
    List<String> dropped() {
        return List.copyOf(dropped);
    }

    Set<InetAddress> assigned() {
        return Set.copyOf(table.keySet());
    }

    /// The kernel's part of ADD, and the table's before it. ENIs take turns.
    PodSandbox add(String role, String podNamespace, String podName) throws IOException {
        Namespace pod = infrastructure.resources().namespace(role);
        String container = hash("SHA-256", pod.name());
        FabricEni eni = nextEni();
        InetAddress address = lend(eni);
        long now = ChronoUnit.NANOS.between(Instant.EPOCH, time.instant());
        table.put(address, new Allocation(NETWORK, container, "eth0", address, now, podNamespace, podName));
        write();
        wire(pod, address, eni, PREFIX + suffix(podNamespace, podName));
        return new PodSandbox(podNamespace, podName, container, pod, address, Duration.ZERO, "");
    }

    /// DEL, then the sandbox is taken away. A sandbox that is not in the table: nothing but that.
    void delete(PodSandbox pod) throws IOException {
        Allocation found = table.values().stream()
                .filter(entry -> entry.container().equals(pod.containerId()))
                .filter(entry -> (entry.network().equals(NETWORK)
                                && entry.interfaceName().equals("eth0"))
                        || (entry.network().equals(MIGRATED)
                                && entry.interfaceName().equals("unknown")))
                .findFirst()
                .orElse(null);
        if (found != null) {
            table.remove(found.address());
            unassigned.put(found.address(), time.instant());
            write();
            deleteRules(found.address());
            attempt("route", "del", found.address().getHostAddress() + "/32", "table", "main");
        }
        infrastructure.resources().remove(pod.namespace());
    }

    /// The pod's entry becomes one as version 1.7 made it of a pod that version 1.6 had wired.
    void asIfFromVersion16(PodSandbox pod) throws IOException {
        table.computeIfPresent(
                pod.address(),
                (address, entry) ->
                        new Allocation(MIGRATED, entry.container(), "unknown", address, entry.nanos(), "", ""));
        write();
    }

    /// Whether another ADD would get an address.
    boolean hasRoom() {
        return enis().stream().anyMatch(eni -> !lendable(eni).isEmpty());
    }

    private List<FabricEni> enis() {
        return infrastructure.enisOf(node).values().stream()
                .sorted(Comparator.comparingInt(FabricEni::deviceIndex))
                .toList();
    }

    private FabricEni nextEni() throws IOException {
        List<FabricEni> all = enis();
        for (int i = 0; i < all.size(); i++) {
            FabricEni eni = all.get(turn++ % all.size());
            if (!lendable(eni).isEmpty()) {
                return eni;
            }
        }
        throw new IOException("AssignPodIPAddress: no available IP/Prefix addresses");
    }

    private InetAddress lend(FabricEni eni) {
        return lendable(eni).getFirst();
    }

    /// What is in the table of nobody; the kernel is not asked.
    private List<InetAddress> lendable(FabricEni eni) {
        return eni.addresses().stream()
                .skip(1)
                .filter(address -> !table.containsKey(address))
                .filter(address -> {
                    Instant since = unassigned.get(address);
                    return since == null || since.plus(COOLDOWN).isBefore(time.instant());
                })
                .toList();
    }

    /// The table of card 0: the device index and 1; of the primary ENI the main one.
    private static String tableOf(FabricEni eni) {
        return eni.deviceIndex() == 0 ? "main" : Integer.toString(eni.deviceIndex() + 1);
    }

    private void setUp(FabricEni eni) throws IOException {
        if (eni.deviceIndex() == 0) {
            return;
        }
        LabSubnet subnet = infrastructure.world().subnets().stream()
                .filter(one -> one.id().equals(eni.subnetId()))
                .findFirst()
                .orElseThrow();
        String link = Objects.requireNonNull(infrastructure.vpc().linksOf(node).get(eni.eniId()));
        String router = subnet.routerAddress().getHostAddress();
        String primary = eni.addresses().getFirst().getHostAddress();
        String table = tableOf(eni);
        attempt("rule", "del", "priority", "32765", "from", primary, "lookup", table);
        node.namespace()
                .ip("link set " + link + " up\n"
                        + "addr flush dev " + link + " scope global\n"
                        + "addr add " + primary + "/" + subnet.cidr().prefixBits() + " dev " + link
                        + " noprefixroute\n"
                        + "route replace " + router + " dev " + link + " scope link table " + table + "\n"
                        + "route replace default via " + router + " dev " + link + " table " + table + "\n"
                        + "rule add priority 32765 from " + primary + " lookup " + table + "\n");
    }

    private void wire(Namespace pod, InetAddress address, FabricEni eni, String link) throws IOException {
        String text = address.getHostAddress();
        attempt("link", "del", link);
        node.namespace()
                .ip("link add " + link + " type veth peer name eth0 netns " + pod.name() + "\nlink set " + link
                        + " up\n");
        String mac = HandWiredPod.show(node.namespace(), link).path("address").asText();
        pod.ip("addr add " + text + "/32 dev eth0\n"
                + "link set eth0 up\n"
                + "route add 169.254.1.1 dev eth0 scope link\n"
                + "route add default via 169.254.1.1 dev eth0\n"
                + "neigh add 169.254.1.1 lladdr " + mac + " dev eth0 nud permanent\n");
        node.namespace().ip("route replace " + text + "/32 dev " + link + " scope link\n");
        attempt("rule", "add", "priority", "512", "to", text, "lookup", "main");
        if (eni.deviceIndex() != 0) {
            attempt("rule", "add", "priority", "1536", "from", text, "lookup", tableOf(eni));
        }
    }

    private void restore() throws IOException {
        List<String> links = links(node);
        Set<InetAddress> known = new TreeSet<>(Comparator.comparing(InetAddress::getHostAddress));
        enis().forEach(eni ->
                known.addAll(eni.addresses().subList(1, eni.addresses().size())));
        for (Allocation entry : read(checkpoint)) {
            if (!hasLink(entry, links)) {
                dropped.add(entry.podNamespace() + "/" + entry.podName());
                deleteRules(entry.address());
            } else if (!known.contains(entry.address())) {
                dropped.add(entry.address().getHostAddress() + ", which is on no ENI");
            } else if (table.put(entry.address(), entry) != null) {
                throw new IOException("datastore: IP already in data store: "
                        + entry.address().getHostAddress());
            }
        }
        write();
    }

    private static boolean hasLink(Allocation entry, List<String> links) {
        return !entry.isNamed()
                || links.stream().anyMatch(link -> link.endsWith(suffix(entry.podNamespace(), entry.podName())));
    }

    private static List<String> links(VpcNode node) throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode link : JSON.readTree(node.namespace().show("-j", "link", "show"))) {
            names.add(link.path("ifname").asText());
        }
        return names;
    }

    private void deleteRules(InetAddress address) throws IOException {
        attempt("rule", "del", "priority", "512", "to", address.getHostAddress(), "lookup", "main");
        for (int i = 0; i < SAME_RULES_MAX; i++) {
            if (!attempt("rule", "del", "priority", "1536", "from", address.getHostAddress())) {
                return;
            }
        }
    }

    private boolean attempt(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return node.namespace()
                        .program(command.toArray(String[]::new))
                        .runToEnd()
                        .status()
                == 0;
    }

    private static List<Allocation> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of(); // a fresh node
        }
        JsonNode root = JSON.readTree(Files.readAllBytes(file));
        if (!root.path("version").asText().equals(VERSION)) {
            throw new IOException("datastore: unknown checkpoint version " + root.path("version"));
        }
        List<Allocation> entries = new ArrayList<>();
        for (JsonNode one : root.path("allocations")) {
            entries.add(new Allocation(
                    one.path("networkName").asText(),
                    one.path("containerID").asText(),
                    one.path("ifName").asText(),
                    InetAddress.ofLiteral(one.path("ipv4").asText()),
                    one.path("allocationTimestamp").asLong(),
                    one.path("metadata").path("k8sPodNamespace").asText(""),
                    one.path("metadata").path("k8sPodName").asText("")));
        }
        return entries;
    }

    private void write() throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", VERSION);
        ArrayNode allocations = root.putArray("allocations");
        for (Allocation entry : table.values()) {
            ObjectNode metadata = allocations
                    .addObject()
                    .put("networkName", entry.network())
                    .put("containerID", entry.container())
                    .put("ifName", entry.interfaceName())
                    .put("ipv4", entry.address().getHostAddress())
                    .put("allocationTimestamp", entry.nanos())
                    .putObject("metadata");
            if (entry.isNamed()) {
                metadata.put("k8sPodNamespace", entry.podNamespace())
                        .put("k8sPodName", entry.podName())
                        .put("interfacesCount", 1);
            }
        }
        Files.createDirectories(checkpoint.resolveSibling(""));
        Path temporary = checkpoint.resolveSibling(checkpoint.getFileName() + ".tmp1");
        Files.writeString(temporary, root + "\n");
        Path _ = Files.move(temporary, checkpoint, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String suffix(String podNamespace, String podName) {
        return hash("SHA-1", podNamespace + "." + podName).substring(0, 11);
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
