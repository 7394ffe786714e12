package io.vpceni.ipamctl.plan;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.model.Ec2Conditions;
import io.vpceni.eni.model.Ec2Observer;
import io.vpceni.eni.model.SimulatedEc2;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.NodeLimits;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The simulated EC2 of one planned node, and how often each call was made. No address is given out twice.
final class PlanEc2 implements Ec2Conditions {
    private static final InstanceId INSTANCE = new InstanceId("i-0a");

    /// Of the subnet: large enough that the search for a free address never comes round to those given back.
    private static final int SUBNET_BITS = 12;

    private final SimulatedSubnet subnet = new SimulatedSubnet(0, SUBNET_BITS, 0);
    private final SimulatedVpc vpc;
    private final SimulatedEc2 ec2;
    private final EniId primary;
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private int blocksGiven;
    private int enisMade;
    private int held;

    /// A node with its primary ENI and no address on it.
    PlanEc2(NodeLimits limits, Instant now) {
        this.vpc = new SimulatedVpc(INSTANCE, List.of(), List.of(subnet), limits);
        this.ec2 = new SimulatedEc2(vpc, this, Ec2Observer.NONE);
        this.primary = vpc.attach(0, EniRole.PODS, now, 0).orElseThrow().id();
        for (String call : new String[] {"AssignPrivateIpAddresses", "CreateNetworkInterface"}) {
            calls.put(call, 0);
        }
    }

    @Override
    public int searchFrom() {
        return blocksGiven;
    }

    EniId primary() {
        return primary;
    }

    /// Creates an ENI with so many blocks, and attaches it.
    EniId add(int deviceIndex, BlockKind kind, int count, Instant now) {
        EniRequest request = new EniRequest(subnet.id(), List.of(), kind, count, "", new LinkedHashMap<>());
        Ec2Answer.Created created = perform(new Ec2Call.Create(request, new ClientToken("plan-" + enisMade++)), now);
        EniId eni = created.eni().id();
        Ec2Answer.AttachedAs attached = perform(new Ec2Call.Attach(eni, INSTANCE, new DeviceSlot(0, deviceIndex)), now);
        perform(new Ec2Call.DeleteOnTermination(eni, attached.attachmentId()), now);
        given(kind, count);
        return eni;
    }

    /// Puts so many new blocks on an ENI.
    List<Cidr> assign(EniId eni, BlockKind kind, int count, Instant now) {
        List<Cidr> blocks = perform(new Ec2Call.Assign(eni, kind, count), now).blocks();
        given(kind, count);
        return blocks;
    }

    private void given(BlockKind kind, int count) {
        blocksGiven += count;
        held += count * (int) kind.addresses();
    }

    void unassign(EniId eni, List<Cidr> blocks, Instant now) {
        perform(new Ec2Call.Unassign(eni, BlockKind.of(blocks.getFirst()), blocks), now);
        blocks.forEach(block -> held -= (int) BlockKind.of(block).addresses());
    }

    /// Detaches an ENI and deletes it.
    void remove(EniId id, Instant now) {
        SimulatedEni eni = vpc.eni(id).orElseThrow();
        Set.copyOf(eni.blocks())
                .forEach(block -> held -= (int) BlockKind.of(block).addresses());
        perform(new Ec2Call.Detach(id, eni.attachment().orElseThrow().id()), now);
        perform(new Ec2Call.Delete(id), now);
    }

    private <A extends Ec2Answer> A perform(Ec2Call<A> call, Instant now) {
        try {
            return call.answerType().cast(ec2.perform(call, now));
        } catch (Ec2Failure e) {
            throw new IllegalStateException("the simulated EC2 refuses " + call, e);
        }
    }

    boolean has(EniId eni) {
        return vpc.eni(eni).isPresent();
    }

    Set<Cidr> of(EniId eni) {
        return Set.copyOf(vpc.eni(eni).orElseThrow().blocks());
    }

    /// In the order in which they were attached.
    List<EniId> ids() {
        return vpc.enis().stream().map(SimulatedEni::id).toList();
    }

    /// Addresses that pods can have or have, on all of them.
    int held() {
        return held;
    }

    void count(String... names) {
        for (String name : names) {
            calls.merge(name, 1, Integer::sum);
        }
    }

    SortedMap<String, Integer> calls() {
        return new TreeMap<>(calls);
    }
}
