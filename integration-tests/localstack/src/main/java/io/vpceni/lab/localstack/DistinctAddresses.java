package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.w3c.dom.Element;

/// LocalStack assigns random addresses, also reserved ones, and the same one twice. Wrong addresses are returned and
/// assigned again: a new ENI or instance as a whole, further addresses of an ENI one by one. Unassigning removes an
/// address as often as the ENI has it, so for an address that was assigned twice, two must be assigned again. Addresses
/// that the caller named are left alone.
final class DistinctAddresses implements Mend {
    /// In a half empty subnet one draw in two is good, so eight in a row fail once in 256; a /16 never needs
    /// the third.
    static final int DRAWS_MAX = 8;

    private final ReentrantLock oneDrawAtATime = new ReentrantLock();
    private final Map<String, SubnetRange> subnets = new ConcurrentHashMap<>(); // a subnet's CIDR never changes

    @Override
    public String reason() {
        return "addresses are drawn at random, reserved ones and ones in use among them";
    }

    @Override
    public ProxiedAnswer carry(ProxiedCall call, Ec2Wire next) throws IOException {
        return switch (call.action()) {
            case "AssignPrivateIpAddresses" -> alone(() -> assign(call, next));
            case "CreateNetworkInterface", "RunInstances" -> alone(() -> create(call, next));
            default -> next.send(call);
        };
    }

    private interface Draw {
        ProxiedAnswer run() throws IOException;
    }

    private ProxiedAnswer alone(Draw draw) throws IOException {
        oneDrawAtATime.lock();
        try {
            return draw.run();
        } finally {
            oneDrawAtATime.unlock();
        }
    }

    private ProxiedAnswer create(ProxiedCall call, Ec2Wire next) throws IOException {
        for (int draw = 1; draw <= DRAWS_MAX; draw++) {
            ProxiedAnswer answer = next.send(call);
            if (!answer.succeeded() || namesAddresses(call)) {
                return answer;
            }
            Element root = LocalStackXml.parse(answer.body());
            Set<String> created = LocalStackXml.everywhere(root, "networkInterfaceId").stream()
                    .map(Element::getTextContent)
                    .collect(Collectors.toSet());
            boolean good = true;
            List<EniAddresses> all = describe(call, next);
            for (EniAddresses eni : all) {
                good &= !created.contains(eni.eniId())
                        || bad(eni, all, call, next).isEmpty();
            }
            if (good) {
                return answer;
            }
            undo(call, root, next);
        }
        return exhausted();
    }

    private static void undo(ProxiedCall call, Element created, Ec2Wire next) throws IOException {
        if (call.action().equals("CreateNetworkInterface")) {
            String eniId = LocalStackXml.text(
                    LocalStackXml.child(created, "networkInterface").orElseThrow(), "networkInterfaceId");
            next.ask(call.another("DeleteNetworkInterface", Map.of("NetworkInterfaceId", eniId)));
        } else {
            for (Element instance : LocalStackXml.items(created, "instancesSet")) {
                String instanceId = LocalStackXml.text(instance, "instanceId");
                next.ask(call.another("TerminateInstances", Map.of("InstanceId.1", instanceId)));
            }
        }
    }

    private ProxiedAnswer assign(ProxiedCall call, Ec2Wire next) throws IOException {
        String eniId = call.parameters().getOrDefault("NetworkInterfaceId", "");
        if (namesAddresses(call)) {
            return next.send(call);
        }
        List<EniAddresses> before = describe(call, next).stream()
                .filter(eni -> eni.eniId().equals(eniId))
                .toList();
        ProxiedAnswer answer = next.send(call);
        if (!answer.succeeded() || before.isEmpty()) {
            return answer;
        }
        Set<String> old = new HashSet<>(before.getFirst().all());
        for (int draw = 1; ; draw++) {
            List<EniAddresses> all = describe(call, next);
            EniAddresses now = only(all, eniId);
            List<String> wrong = bad(now, all, call, next).stream()
                    .filter(address -> !old.contains(address))
                    .toList();
            if (wrong.isEmpty()) {
                return draw == 1 ? answer : assigned(answer, now);
            }
            if (draw == DRAWS_MAX) {
                unassign(
                        call,
                        now.secondaries().stream()
                                .filter(address -> !old.contains(address))
                                .toList(),
                        next);
                return exhausted();
            }
            unassign(call, wrong, next);
            int missing = asked(call) - (distinct(only(describe(call, next), eniId)) - old.size());
            next.ask(call.with("SecondaryPrivateIpAddressCount", Integer.toString(missing)));
        }
    }

    private static int asked(ProxiedCall call) {
        return Integer.parseInt(call.parameters().getOrDefault("SecondaryPrivateIpAddressCount", "0"));
    }

    private static int distinct(EniAddresses eni) {
        return Set.copyOf(eni.all()).size();
    }

    private static void unassign(ProxiedCall call, List<String> addresses, Ec2Wire next) throws IOException {
        ProxiedCall unassign = call.another(
                "UnassignPrivateIpAddresses",
                Map.of("NetworkInterfaceId", call.parameters().getOrDefault("NetworkInterfaceId", "")));
        for (int i = 0; i < addresses.size(); i++) {
            unassign = unassign.with("PrivateIpAddress." + (i + 1), addresses.get(i));
        }
        next.ask(unassign);
    }

    /// The answer with the addresses that the ENI has now, all of them, as LocalStack would list them.
    private static ProxiedAnswer assigned(ProxiedAnswer answer, EniAddresses now) throws IOException {
        Element root = LocalStackXml.parse(answer.body());
        Element set = LocalStackXml.child(root, "assignedPrivateIpAddressesSet").orElseThrow();
        LocalStackXml.children(set, "item").forEach(set::removeChild);
        for (String address : now.all()) {
            Element item = root.getOwnerDocument().createElement("item");
            LocalStackXml.append(item, "privateIpAddress", address);
            set.appendChild(item);
        }
        return new ProxiedAnswer(answer.status(), LocalStackXml.write(root));
    }

    /// The addresses of the ENI that it should not have: reserved in the subnet, in it twice, or another ENI's too.
    private List<String> bad(EniAddresses eni, List<EniAddresses> all, ProxiedCall call, Ec2Wire next)
            throws IOException {
        Set<String> taken = all.stream()
                .filter(other -> other.subnetId().equals(eni.subnetId())
                        && !other.eniId().equals(eni.eniId()))
                .flatMap(other -> other.all().stream())
                .collect(Collectors.toCollection(HashSet::new));
        SubnetRange range = range(eni.subnetId(), call, next);
        List<String> bad = new ArrayList<>();
        for (String address : eni.all()) {
            if (!taken.add(address) || range.reserves(address)) {
                bad.add(address);
            }
        }
        return bad;
    }

    private SubnetRange range(String subnetId, ProxiedCall call, Ec2Wire next) throws IOException {
        SubnetRange known = subnets.get(subnetId);
        if (known != null) {
            return known;
        }
        Element answer = next.ask(call.another("DescribeSubnets", Map.of("SubnetId.1", subnetId)));
        String cidr =
                LocalStackXml.text(LocalStackXml.items(answer, "subnetSet").getFirst(), "cidrBlock");
        SubnetRange range = SubnetRange.parse(cidr);
        subnets.put(subnetId, range);
        return range;
    }

    private static List<EniAddresses> describe(ProxiedCall call, Ec2Wire next) throws IOException {
        return EniAddresses.list(next.ask(call.another("DescribeNetworkInterfaces", Map.of())));
    }

    private static EniAddresses only(List<EniAddresses> all, String eniId) throws IOException {
        return all.stream()
                .filter(eni -> eni.eniId().equals(eniId))
                .findFirst()
                .orElseThrow(() -> new IOException(eniId + " went away while it was given addresses"));
    }

    private static boolean namesAddresses(ProxiedCall call) {
        return call.parameters().keySet().stream()
                .anyMatch(name -> name.contains("PrivateIpAddress.")
                        || name.endsWith("PrivateIpAddress")
                        || name.contains("PrivateIpAddresses."));
    }

    private static ProxiedAnswer exhausted() {
        return ProxiedAnswer.error(
                400,
                "InsufficientFreeAddressesInSubnet",
                "LocalStack drew no free address in " + DRAWS_MAX + " draws; use a larger subnet");
    }
}
