package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// IMDS in memory, for a t3.small in 10.0.0.0/24. It knows the first ENI that a [FakeEc2] makes from the start;
/// others as told.
public final class FakeImds implements Imds {

    public static final InstanceId INSTANCE = new InstanceId("i-0000000000000000a");

    private static final Cidr SUBNET = Cidr.parse("10.0.0.0/24");

    private final List<ImdsEni> listed = new ArrayList<>();

    private int looksUntilAll;

    private final List<ImdsEni> later = new ArrayList<>();

    private String instanceType = "t3.small";

    private volatile boolean ending;

    public FakeImds() {
        listed.add(numbered(1));
    }

    public FakeImds withInstanceType(String type) {
        this.instanceType = type;
        return this;
    }

    /// The ENI that was made as the nth is listed after so many looks.
    public FakeImds listingLater(int number, int looks) {
        later.add(numbered(number));
        looksUntilAll = looks;
        return this;
    }

    /// From now on the instance is about to end.
    public FakeImds ending() {
        ending = true;
        return this;
    }

    @Override
    public List<Cidr> vpcCidrs() {
        return identity().vpcCidrs();
    }

    @Override
    public boolean isEnding() {
        return ending;
    }

    @Override
    public NodeIdentity identity() {
        return new NodeIdentity(
                INSTANCE,
                instanceType,
                new VpcId("vpc-1"),
                "eu-west-1",
                new SubnetId("subnet-1"),
                "eu-west-1a",
                List.of("sg-1", "sg-2"),
                List.of(Cidr.parse("10.0.0.0/16")),
                FakeEc2.macOf(1),
                InetAddress.ofLiteral("10.0.0.10"));
    }

    @Override
    public synchronized List<ImdsEni> enis() {
        looksUntilAll--;
        if (looksUntilAll < 0) {
            listed.addAll(later);
            later.clear();
        }
        return List.copyOf(listed);
    }

    private static ImdsEni numbered(int number) {
        return new ImdsEni(new EniId(String.format("eni-%017x", number)), FakeEc2.macOf(number), SUBNET);
    }
}
