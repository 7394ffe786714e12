package io.vpceni.lab.ec2;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.model.Ec2Delays;

/// The parameters of an [Ec2Emulation].
///
/// @param region its zones are the region's name with `a`, `b` and `c`
/// @param accountId twelve digits: the owner of everything
/// @param nodePolicy what the role of an instance may do; the administrator may do all
/// @param buckets how many requests the account has
/// @param enisMax the account's quota of ENIs
/// @param seed of ids, MAC addresses and the choice of private addresses
public record Ec2Settings(
        Region region,
        String accountId,
        Ec2Delays delays,
        NodePolicy nodePolicy,
        BucketSizes buckets,
        int enisMax,
        long seed) {
    private static final int ENIS_MAX = 5000; // EC2's default for a region

    /// Region us-east-1, realistic delays, the documented buckets, a node's role that may do what
    /// `docs/iam.md` lists.
    public static Ec2Settings defaults() {
        return new Ec2Settings(
                new Region("us-east-1"),
                "111122223333",
                Ec2Delays.realistic(),
                NodePolicy.minimal(),
                BucketSizes.documented(),
                ENIS_MAX,
                1);
    }

    public Ec2Settings withRegion(Region changed) {
        return new Ec2Settings(changed, accountId, delays, nodePolicy, buckets, enisMax, seed);
    }

    public Ec2Settings withDelays(Ec2Delays changed) {
        return new Ec2Settings(region, accountId, changed, nodePolicy, buckets, enisMax, seed);
    }

    public Ec2Settings withNodePolicy(NodePolicy changed) {
        return new Ec2Settings(region, accountId, delays, changed, buckets, enisMax, seed);
    }

    public Ec2Settings withBuckets(BucketSizes changed) {
        return new Ec2Settings(region, accountId, delays, nodePolicy, changed, enisMax, seed);
    }

    public Ec2Settings withEnisMax(int changed) {
        return new Ec2Settings(region, accountId, delays, nodePolicy, buckets, changed, seed);
    }
}
