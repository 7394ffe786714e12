package io.vpceni.lab.contract;

import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// Assign and unassign: how many, which, and what is answered.
final class AddressDeviations {
    private AddressDeviations() {}

    static List<Deviation> rows() {
        return List.of(
                Deviation.of(
                        "AssignPrivateIpAddresses of 2 more: addresses in the answer",
                        "the 2 new ones",
                        "all 5, the primary one too",
                        AddressDeviations::answered),
                Deviation.of(
                        "AssignPrivateIpAddresses of a fifth address on a t3.small",
                        "PrivateIpAddressLimitExceeded",
                        "accepted",
                        bench -> {
                            String eniId = bench.attachedEni(bench.running("t3.small"));
                            return assign(bench, eniId, request -> request.secondaryPrivateIpAddressCount(4));
                        }),
                Deviation.of(
                        "AssignPrivateIpAddresses of more than the subnet has",
                        "InsufficientFreeAddressesInSubnet",
                        "accepted, some twice",
                        AddressDeviations::moreThanThereAre),
                Deviation.of(
                        "AssignPrivateIpAddresses of an address outside the subnet",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> assign(
                                bench,
                                bench.world().createEni(),
                                request -> request.privateIpAddresses("10.20.200.10"))),
                Deviation.of(
                        "AssignPrivateIpAddresses of an address that another ENI has",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> {
                            String taken = bench.create(_ -> {}).privateIpAddress();
                            return assign(
                                    bench, bench.world().createEni(), request -> request.privateIpAddresses(taken));
                        }),
                Deviation.of(
                        "AssignPrivateIpAddresses with Ipv4PrefixCount 1: what the ENI has then",
                        "1 prefix",
                        "none",
                        bench -> {
                            String eniId = bench.world().createEni();
                            bench.ec2()
                                    .assignPrivateIpAddresses(request ->
                                            request.networkInterfaceId(eniId).ipv4PrefixCount(1));
                            int prefixes =
                                    bench.world().eni(eniId).ipv4Prefixes().size();
                            return prefixes == 0 ? "none" : prefixes + " prefix";
                        }),
                Deviation.of(
                        "UnassignPrivateIpAddresses of the primary address",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> {
                            NetworkInterface eni = bench.create(_ -> {});
                            return unassign(bench, eni.networkInterfaceId(), eni.privateIpAddress());
                        }),
                Deviation.of(
                        "UnassignPrivateIpAddresses of another ENI's address",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> {
                            String other = bench.create(_ -> {}).privateIpAddress();
                            return unassign(bench, bench.world().createEni(), other);
                        }),
                Deviation.of(
                        "UnassignPrivateIpAddresses of an address that no ENI has",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> unassign(bench, bench.world().createEni(), "10.20.15.200")),
                Deviation.of(
                        "AssignIpv6Addresses where the subnet has no IPv6 block",
                        "InvalidParameterValue",
                        "500 InternalError",
                        bench -> Bench.refusal(
                                () -> assignIpv6(bench, bench.world().createEni()))),
                Deviation.of(
                        "AssignIpv6Addresses of 1 more where there is 1: addresses in the answer", "1", "2", bench -> {
                            String eniId = bench.dualStack().createEni();
                            List<String> _ = assignIpv6(bench, eniId);
                            return Integer.toString(assignIpv6(bench, eniId).size());
                        }),
                Deviation.of(
                        "AssignIpv6Addresses with Ipv6PrefixCount 1: what the ENI has then",
                        "1 prefix",
                        "none",
                        bench -> {
                            String eniId = bench.dualStack().createEni();
                            bench.ec2()
                                    .assignIpv6Addresses(request ->
                                            request.networkInterfaceId(eniId).ipv6PrefixCount(1));
                            int prefixes =
                                    bench.world().eni(eniId).ipv6Prefixes().size();
                            return prefixes == 0 ? "none" : prefixes + " prefix";
                        }));
    }

    private static List<String> assignIpv6(Bench bench, String eniId) {
        return bench.ec2()
                .assignIpv6Addresses(
                        request -> request.networkInterfaceId(eniId).ipv6AddressCount(1))
                .assignedIpv6Addresses();
    }

    private static String answered(Bench bench) {
        NetworkInterface eni = bench.create(request -> request.secondaryPrivateIpAddressCount(2));
        AssignPrivateIpAddressesResponse answer = bench.ec2()
                .assignPrivateIpAddresses(request ->
                        request.networkInterfaceId(eni.networkInterfaceId()).secondaryPrivateIpAddressCount(2));
        List<String> addresses = answer.assignedPrivateIpAddresses().stream()
                .map(assigned -> assigned.privateIpAddress())
                .toList();
        boolean onlyNew =
                eni.privateIpAddresses().stream().noneMatch(address -> addresses.contains(address.privateIpAddress()));
        return onlyNew
                ? "the " + addresses.size() + " new ones"
                : "all " + addresses.size()
                        + (addresses.contains(eni.privateIpAddress()) ? ", the primary one too" : "");
    }

    /// 17 of 16: whoever takes it repeats one.
    private static String moreThanThereAre(Bench bench) {
        String subnetId = bench.world().addSubnet("10.20.240.0/28", "us-east-1a");
        String eniId = bench.create(request -> request.subnetId(subnetId)).networkInterfaceId();
        String answer = assign(bench, eniId, request -> request.secondaryPrivateIpAddressCount(17));
        return answer.equals("accepted") ? "accepted, some twice" : answer;
    }

    private static String assign(
            Bench bench, String eniId, Consumer<AssignPrivateIpAddressesRequest.Builder> specification) {
        return Bench.refusal(() -> bench.ec2()
                .assignPrivateIpAddresses(request -> specification.accept(request.networkInterfaceId(eniId))));
    }

    private static String unassign(Bench bench, String eniId, String address) {
        return Bench.refusal(() -> bench.ec2()
                .unassignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eniId).privateIpAddresses(address)));
    }
}
