package io.vpceni.lab.ec2;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the role of an instance may do.
///
/// @param actions such as `AttachNetworkInterface`
public record NodePolicy(String name, SortedSet<String> actions) {
    private static final List<String> BOTH = List.of(
            "AssignIpv6Addresses",
            "AssignPrivateIpAddresses",
            "AttachNetworkInterface",
            "CreateNetworkInterface",
            "CreateTags",
            "DeleteNetworkInterface",
            "DescribeInstanceTypes",
            "DescribeNetworkInterfaces",
            "DescribeSubnets",
            "DetachNetworkInterface",
            "ModifyNetworkInterfaceAttribute",
            "UnassignPrivateIpAddresses");

    public NodePolicy {
        actions = Collections.unmodifiableSortedSet(new TreeSet<>(actions));
    }

    /// What `docs/iam.md` lists, which is all that our own daemon needs.
    public static NodePolicy minimal() {
        return of("minimal", Stream.concat(BOTH.stream(), Stream.of("UnassignIpv6Addresses")));
    }

    /// What AWS documents for the daemons of CNI plugins, for IPv4 and IPv6 together: the managed policy
    /// `AmazonEKS_CNI_Policy`, and `docs/iam-policy.md` of amazon-vpc-cni-k8s.
    public static NodePolicy eksCni() {
        return of(
                "eks-cni",
                Stream.concat(BOTH.stream(), Stream.of("DescribeInstances", "DescribeSecurityGroups", "DescribeTags")));
    }

    private static NodePolicy of(String name, Stream<String> actions) {
        return new NodePolicy(name, new TreeSet<>(actions.toList()));
    }

    /// All policies that a lab can choose.
    public static SortedMap<String, NodePolicy> byName() {
        SortedMap<String, NodePolicy> all = new TreeMap<>();
        Stream.of(minimal(), eksCni()).forEach(policy -> all.put(policy.name(), policy));
        return all;
    }
}
