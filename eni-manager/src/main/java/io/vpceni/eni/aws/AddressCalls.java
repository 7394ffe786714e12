package io.vpceni.eni.aws;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AssignIpv6AddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesRequest;
import software.amazon.awssdk.services.ec2.model.AssignPrivateIpAddressesResponse;
import software.amazon.awssdk.services.ec2.model.AssignedPrivateIpAddress;
import software.amazon.awssdk.services.ec2.model.Ipv4PrefixSpecification;

/// The calls that assign addresses and prefixes to an ENI and unassign them. Each call does all or nothing.
final class AddressCalls {

    private static final String ASSIGN = "AssignPrivateIpAddresses";

    private static final String ASSIGN_IPV6 = "AssignIpv6Addresses";

    private static final String UNASSIGN = "UnassignPrivateIpAddresses";

    private static final String UNASSIGN_IPV6 = "UnassignIpv6Addresses";

    private final SdkClient client;

    private final Ec2Executor calls;

    AddressCalls(SdkClient client, Ec2Executor calls) {
        this.client = client;
        this.calls = calls;
    }

    List<Cidr> assign(EniId id, BlockKind kind, int count) throws Ec2Failure {
        return switch (kind) {
            case ADDRESS, PREFIX -> assignIpv4(id, kind, count);
            case IPV6_PREFIX -> assignIpv6(id, count);
        };
    }

    void unassign(EniId id, BlockKind kind, List<Cidr> blocks) throws Ec2Failure {
        List<String> prefixes = blocks.stream().map(Cidr::toString).toList();
        switch (kind) {
            case ADDRESS -> {
                List<String> addresses = blocks.stream()
                        .map(block -> block.network().getHostAddress())
                        .toList();
                Ec2Client ec2 = client.get(UNASSIGN, id.value());
                calls.once(
                        UNASSIGN,
                        id.value(),
                        () -> ec2.unassignPrivateIpAddresses(request ->
                                request.networkInterfaceId(id.value()).privateIpAddresses(addresses)));
            }
            case PREFIX -> {
                Ec2Client ec2 = client.get(UNASSIGN, id.value());
                calls.once(
                        UNASSIGN,
                        id.value(),
                        () -> ec2.unassignPrivateIpAddresses(request ->
                                request.networkInterfaceId(id.value()).ipv4Prefixes(prefixes)));
            }
            case IPV6_PREFIX -> {
                Ec2Client ec2 = client.get(UNASSIGN_IPV6, id.value());
                calls.once(
                        UNASSIGN_IPV6,
                        id.value(),
                        () -> ec2.unassignIpv6Addresses(request ->
                                request.networkInterfaceId(id.value()).ipv6Prefixes(prefixes)));
            }
        }
    }

    private List<Cidr> assignIpv4(EniId id, BlockKind kind, int count) throws Ec2Failure {
        AssignPrivateIpAddressesRequest.Builder wanted =
                AssignPrivateIpAddressesRequest.builder().networkInterfaceId(id.value());
        if (kind == BlockKind.PREFIX) {
            wanted.ipv4PrefixCount(count);
        } else {
            wanted.secondaryPrivateIpAddressCount(count);
        }
        Ec2Client ec2 = client.get(ASSIGN, id.value());
        AssignPrivateIpAddressesResponse answer =
                calls.once(ASSIGN, id.value(), () -> ec2.assignPrivateIpAddresses(wanted.build()));
        try {
            List<Cidr> blocks = new ArrayList<>();
            for (AssignedPrivateIpAddress assigned : answer.assignedPrivateIpAddresses()) {
                blocks.add(SdkMapping.single(assigned.privateIpAddress()));
            }
            for (Ipv4PrefixSpecification assigned : answer.assignedIpv4Prefixes()) {
                blocks.add(SdkMapping.prefix(assigned.ipv4Prefix()));
            }
            return List.copyOf(blocks);
        } catch (IllegalArgumentException e) {
            throw SdkMapping.unreadable(ASSIGN, id.value(), e);
        }
    }

    private List<Cidr> assignIpv6(EniId id, int count) throws Ec2Failure {
        Ec2Client ec2 = client.get(ASSIGN_IPV6, id.value());
        AssignIpv6AddressesResponse answer = calls.once(
                ASSIGN_IPV6,
                id.value(),
                () -> ec2.assignIpv6Addresses(
                        request -> request.networkInterfaceId(id.value()).ipv6PrefixCount(count)));
        try {
            return answer.assignedIpv6Prefixes().stream()
                    .map(SdkMapping::prefix)
                    .toList();
        } catch (IllegalArgumentException e) {
            throw SdkMapping.unreadable(ASSIGN_IPV6, id.value(), e);
        }
    }
}
