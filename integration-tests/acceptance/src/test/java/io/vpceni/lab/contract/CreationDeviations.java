package io.vpceni.lab.contract;

import io.vpceni.lab.ec2.SdkTerms;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ec2.model.CreateNetworkInterfaceRequest;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceCreationType;

/// CreateNetworkInterface: what it takes and what it makes of it.
final class CreationDeviations {
    /// A /28 has 16 addresses, of which EC2 keeps 5.
    private static final int FREE_IN_28 = 11;

    private CreationDeviations() {}

    static List<Deviation> rows() {
        return List.of(
                Deviation.of(
                        "CreateNetworkInterface: the MAC address",
                        "six octets",
                        "malformed",
                        bench -> mac(bench.create(_ -> {}))),
                Deviation.of(
                        "CreateNetworkInterface twice with one ClientToken",
                        "the same ENI",
                        "another ENI",
                        CreationDeviations::twice),
                Deviation.of(
                        "CreateNetworkInterface with a ClientToken that was used for something else",
                        "IdempotentParameterMismatch",
                        "accepted",
                        CreationDeviations::otherwise),
                Deviation.of(
                        "CreateNetworkInterface with an address that another ENI has",
                        "InvalidIPAddress.InUse",
                        "accepted",
                        bench -> {
                            String taken = bench.create(_ -> {}).privateIpAddress();
                            return create(bench, request -> request.privateIpAddress(taken));
                        }),
                Deviation.of(
                        "CreateNetworkInterface with an address outside the subnet",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> create(bench, request -> request.privateIpAddress("10.20.200.10"))),
                Deviation.of(
                        "CreateNetworkInterface with an address that the subnet reserves",
                        "InvalidParameterValue",
                        "accepted",
                        bench -> create(bench, request -> request.privateIpAddress("10.20.0.1"))),
                Deviation.of(
                        "CreateNetworkInterface with a security group that there is not",
                        "InvalidGroup.NotFound",
                        "accepted",
                        bench -> create(bench, request -> request.groups("sg-0123456789abcdef0"))),
                Deviation.of(
                        "CreateNetworkInterface in a /28 with 11 ENIs",
                        "InsufficientFreeAddressesInSubnet",
                        "accepted",
                        bench -> inFull28(bench).getLast()),
                Deviation.of(
                        "AvailableIpAddressCount of a /28 after 13 tries to create an ENI in it",
                        "0",
                        "-2",
                        CreationDeviations::freeInFull28),
                Deviation.of(
                        "CreateNetworkInterface 100 times in a /24: primary addresses",
                        "100 distinct ones",
                        "some twice",
                        CreationDeviations::hundred),
                Deviation.of(
                        "CreateNetworkInterface with more SecondaryPrivateIpAddressCount than the subnet has",
                        "InsufficientFreeAddressesInSubnet",
                        "accepted, some twice",
                        CreationDeviations::moreThanThereAre),
                Deviation.of(
                        "CreateNetworkInterface with Ipv4PrefixCount 1",
                        "1 prefix",
                        "none",
                        bench -> prefixes(bench, request -> request.ipv4PrefixCount(1))),
                Deviation.of(
                        "CreateNetworkInterface with an Ipv4Prefix",
                        "1 prefix",
                        "none",
                        bench -> prefixes(
                                bench,
                                request -> request.ipv4Prefixes(Ipv4PrefixSpecificationRequest.builder()
                                        .ipv4Prefix("10.20.1.16/28")
                                        .build()))),
                Deviation.of("CreateNetworkInterface with Ipv6PrefixCount 1", "1 prefix", "none", bench -> {
                    NetworkInterface eni = bench.dualStack().createEni(request -> request.ipv6PrefixCount(1));
                    int prefixes = bench.world()
                            .eni(eni.networkInterfaceId())
                            .ipv6Prefixes()
                            .size();
                    return prefixes == 0 ? "none" : prefixes + " prefix";
                }),
                Deviation.of(
                        "CreateNetworkInterface with InterfaceType efa: the type",
                        "efa",
                        "interface",
                        bench -> type(bench, NetworkInterfaceCreationType.EFA)),
                Deviation.notEmulated(
                        "CreateNetworkInterface with InterfaceType branch: the type",
                        "branch",
                        "interface",
                        bench -> type(bench, NetworkInterfaceCreationType.BRANCH)));
    }

    private static String mac(NetworkInterface eni) {
        return eni.macAddress().matches("([0-9a-f]{2}:){5}[0-9a-f]{2}") ? "six octets" : "malformed";
    }

    private static String create(Bench bench, Consumer<CreateNetworkInterfaceRequest.Builder> more) {
        return Bench.refusal(() -> bench.create(more));
    }

    private static String twice(Bench bench) {
        String token = UUID.randomUUID().toString();
        String first = bench.create(request -> request.clientToken(token)).networkInterfaceId();
        String second = bench.create(request -> request.clientToken(token)).networkInterfaceId();
        return first.equals(second) ? "the same ENI" : "another ENI";
    }

    private static String otherwise(Bench bench) {
        String token = UUID.randomUUID().toString();
        NetworkInterface _ = bench.create(request -> request.clientToken(token));
        return create(bench, request -> request.clientToken(token).description("something else"));
    }

    /// What each of 13 tries to create an ENI in a /28 is answered.
    private static List<String> inFull28(Bench bench) {
        String subnetId = bench.world().addSubnet("10.20.240.0/28", "us-east-1a");
        return IntStream.range(0, FREE_IN_28 + 2)
                .mapToObj(_ -> create(bench, request -> request.subnetId(subnetId)))
                .toList();
    }

    private static String freeInFull28(Bench bench) {
        List<String> _ = inFull28(bench);
        return bench.ec2()
                .describeSubnets(request -> request.filters(
                        SdkTerms.filter("vpc-id", bench.world().vpcId()),
                        SdkTerms.filter("cidr-block", "10.20.240.0/28")))
                .subnets()
                .getFirst()
                .availableIpAddressCount()
                .toString();
    }

    private static String hundred(Bench bench) {
        String subnetId = bench.world().addSubnet("10.20.250.0/24", "us-east-1a");
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            distinct.add(bench.create(request -> request.subnetId(subnetId)).privateIpAddress());
        }
        return distinct.size() == 100 ? "100 distinct ones" : "some twice";
    }

    /// 17 of 16: whoever takes it repeats one.
    private static String moreThanThereAre(Bench bench) {
        String subnetId = bench.world().addSubnet("10.20.240.0/28", "us-east-1a");
        String answer = create(bench, request -> request.subnetId(subnetId).secondaryPrivateIpAddressCount(17));
        return answer.equals("accepted") ? "accepted, some twice" : answer;
    }

    private static String type(Bench bench, NetworkInterfaceCreationType specification) {
        String eniId =
                bench.create(request -> request.interfaceType(specification)).networkInterfaceId();
        return bench.world().eni(eniId).interfaceTypeAsString();
    }

    private static String prefixes(Bench bench, Consumer<CreateNetworkInterfaceRequest.Builder> specification) {
        NetworkInterface eni = bench.world().eni(bench.create(specification).networkInterfaceId());
        return eni.ipv4Prefixes().isEmpty() ? "none" : eni.ipv4Prefixes().size() + " prefix";
    }
}
