package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// As much of LocalStack as hands out addresses, from a list of draws, with its mistakes: it takes what is drawn, and
/// answers all addresses of an ENI; what is given back is gone as often as the ENI had it. One subnet, 10.0.0.0/24.
final class DrawingLocalStack implements Ec2Wire {
    private final Map<String, List<String>> enis = new TreeMap<>();
    private final Deque<String> draws;
    private int created;

    DrawingLocalStack(String... draws) {
        this.draws = new ArrayDeque<>(List.of(draws));
    }

    List<String> addresses(String eniId) {
        return List.copyOf(enis.getOrDefault(eniId, List.of()));
    }

    List<String> eniIds() {
        return List.copyOf(enis.keySet());
    }

    @Override
    public ProxiedAnswer send(ProxiedCall call) throws IOException {
        String eniId = call.parameters().getOrDefault("NetworkInterfaceId", "");
        int secondaries = Integer.parseInt(call.parameters().getOrDefault("SecondaryPrivateIpAddressCount", "0"));
        return switch (call.action()) {
            case "CreateNetworkInterface" -> {
                String id = "eni-" + ++created;
                enis.put(id, new ArrayList<>());
                draw(id, 1 + secondaries);
                yield answer("<networkInterface>" + describe(id) + "</networkInterface>");
            }
            case "AssignPrivateIpAddresses" -> {
                draw(eniId, secondaries);
                yield answer("<networkInterfaceId>" + eniId + "</networkInterfaceId><assignedPrivateIpAddressesSet>"
                        + items(held(eniId)) + "</assignedPrivateIpAddressesSet>");
            }
            case "UnassignPrivateIpAddresses" -> {
                call.parameters().forEach((name, value) -> {
                    if (name.startsWith("PrivateIpAddress.")) {
                        held(eniId).removeIf(value::equals);
                    }
                });
                yield answer("");
            }
            case "DeleteNetworkInterface" -> {
                enis.remove(eniId);
                yield answer("");
            }
            case "DescribeNetworkInterfaces" -> {
                String only = call.parameters().getOrDefault("NetworkInterfaceId.1", "");
                yield answer("<networkInterfaceSet>"
                        + enis.keySet().stream()
                                .filter(id -> only.isEmpty() || only.equals(id))
                                .map(id -> "<item>" + describe(id) + "</item>")
                                .collect(Collectors.joining())
                        + "</networkInterfaceSet>");
            }
            case "DescribeSubnets" ->
                answer(
                        "<subnetSet><item><subnetId>subnet-1</subnetId><cidrBlock>10.0.0.0/24</cidrBlock></item></subnetSet>");
            default -> throw new IOException("this LocalStack has no " + call.action());
        };
    }

    private List<String> held(String eniId) {
        return Objects.requireNonNull(enis.get(eniId), eniId);
    }

    private void draw(String eniId, int count) {
        for (int i = 0; i < count; i++) {
            held(eniId).add(draws.remove());
        }
    }

    private String describe(String eniId) {
        List<String> addresses = held(eniId);
        StringBuilder set = new StringBuilder();
        for (int i = 0; i < addresses.size(); i++) {
            set.append("<item><primary>" + (i == 0) + "</primary><privateIpAddress>" + addresses.get(i)
                    + "</privateIpAddress></item>");
        }
        return "<networkInterfaceId>" + eniId + "</networkInterfaceId><subnetId>subnet-1</subnetId><privateIpAddress>"
                + addresses.getFirst() + "</privateIpAddress><privateIpAddressesSet>" + set
                + "</privateIpAddressesSet>";
    }

    private static String items(List<String> addresses) {
        return addresses.stream()
                .map(address -> "<item><privateIpAddress>" + address + "</privateIpAddress></item>")
                .collect(Collectors.joining());
    }

    private static ProxiedAnswer answer(String body) {
        return new ProxiedAnswer(200, "<Response>" + body + "</Response>");
    }
}
