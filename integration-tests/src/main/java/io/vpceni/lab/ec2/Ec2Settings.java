package io.vpceni.lab.ec2;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What an [Ec2Emulation] is started with.
///
/// @param region its zones are the region's name with `a`, `b` and `c`
/// @param accountId twelve digits: the owner of everything
/// @param nodeActions what the role of an instance may do, such as `AttachNetworkInterface`; the
/// administrator may do all
/// @param buckets how many requests the account has
/// @param enisMax the account's quota of ENIs
/// @param seed of ids, MAC addresses and the choice of private addresses
public record Ec2Settings(
        String region,
        String accountId,
        Ec2Delays delays,
        SortedSet<String> nodeActions,
        BucketSizes buckets,
        int enisMax,
        long seed) {
    private static final int ENIS_MAX = 5000; // EC2's default for a region

    public Ec2Settings {
        nodeActions = Collections.unmodifiableSortedSet(new TreeSet<>(nodeActions));
    }

    /// Region us-east-1, realistic delays, the documented buckets, a node's role that may do what
    /// `docs/iam.md` lists.
    public static Ec2Settings defaults() {
        SortedSet<String> nodeActions = new TreeSet<>(List.of(
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
                "UnassignIpv6Addresses",
                "UnassignPrivateIpAddresses"));
        return new Ec2Settings(
                "us-east-1", "111122223333", Ec2Delays.realistic(), nodeActions, BucketSizes.documented(), ENIS_MAX, 1);
    }

    public Ec2Settings withDelays(Ec2Delays changed) {
        return new Ec2Settings(region, accountId, changed, nodeActions, buckets, enisMax, seed);
    }

    public Ec2Settings withNodeActions(SortedSet<String> changed) {
        return new Ec2Settings(region, accountId, delays, changed, buckets, enisMax, seed);
    }

    public Ec2Settings withBuckets(BucketSizes changed) {
        return new Ec2Settings(region, accountId, delays, nodeActions, changed, enisMax, seed);
    }

    public Ec2Settings withEnisMax(int changed) {
        return new Ec2Settings(region, accountId, delays, nodeActions, buckets, changed, seed);
    }

    public Ec2Settings withSeed(long changed) {
        return new Ec2Settings(region, accountId, delays, nodeActions, buckets, enisMax, changed);
    }
}
