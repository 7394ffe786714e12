package io.vpceni.ipamctl.plan;

import io.vpceni.config.PoolSettings;
import io.vpceni.eni.model.AwsVpcCni;
import io.vpceni.eni.model.AwsVpcCniStock;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The AWS VPC CNI as it is ([AwsVpcCni]), on an EC2 that does what it is asked, late. An ADD that finds nothing fails
/// at once and comes back when the kubelet tries again.
final class AwsVpcCniNode implements PlannedNode, AwsVpcCni.Outside {

    private record Due(Instant at, long order, Runnable what) {}

    private final Latencies latencies;
    private final PlanTotals ledger;

    /// For the order in which ENIs are tried; empty: as they came.
    private final Optional<RandomGenerator> anyOrder;

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::order));
    private final Map<String, Instant> wanting = new HashMap<>();
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private final AwsVpcCni cni;
    private Instant now;
    private long order;

    AwsVpcCniNode(
            PoolSettings settings,
            NodeLimits limits,
            Latencies latencies,
            PlanTotals ledger,
            Instant start,
            Optional<RandomGenerator> anyOrder) {
        this.latencies = latencies;
        this.ledger = ledger;
        this.anyOrder = anyOrder;
        this.now = start;
        calls.put("AssignPrivateIpAddresses", 0);
        calls.put("CreateNetworkInterface", 0);
        this.cni = new AwsVpcCni(settings, limits, this);
        cni.start(Duration.ZERO);
    }

    @Override
    public void arrive(String pod, Instant at) {
        advance(at);
        wanting.put(pod, at);
        tryAdd(pod);
    }

    private void tryAdd(String pod) {
        Instant since = wanting.get(pod);
        if (since == null) {
            return;
        }
        if (cni.assign(pod)) {
            wanting.remove(pod);
            ledger.served(Duration.between(since, now));
        } else {
            later(WarmNode.RETRY, () -> tryAdd(pod));
        }
    }

    @Override
    public void depart(String pod, Instant at) {
        advance(at);
        Instant since = wanting.remove(pod);
        if (since != null) {
            ledger.served(Duration.between(since, now));
        }
        cni.release(pod);
    }

    @Override
    public void advance(Instant until) {
        Due first = due.peek();
        while (first != null && !first.at().isAfter(until)) {
            due.remove();
            now = first.at();
            first.what().run();
            first = due.peek();
        }
        now = until;
        changed();
    }

    // ---- what the model asks for

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public void later(Duration latency, Runnable what) {
        due.add(new Due(now.plus(latency), order++, what));
    }

    @Override
    public void assign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed) {
        count("AssignPrivateIpAddresses");
        later(latencies.assign(), done);
    }

    @Override
    public void addEni(int blocks, Runnable done, Runnable failed) {
        count("CreateNetworkInterface", "AttachNetworkInterface", "ModifyNetworkInterfaceAttribute");
        later(latencies.addEni(), done);
    }

    @Override
    public void unassign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed) {
        count("UnassignPrivateIpAddresses");
        later(latencies.unassign(), done);
    }

    @Override
    public void removeEni(AwsVpcCniStock.HeldEni eni, Runnable done, Runnable failed) {
        count("DetachNetworkInterface", "DeleteNetworkInterface");
        later(latencies.removeEni(), done);
    }

    @Override
    public <T> List<T> inAnyOrder(List<T> those) {
        List<T> shuffled = new ArrayList<>(those);
        anyOrder.ifPresent(random -> {
            for (int last = shuffled.size() - 1; last > 0; last--) {
                T moved = shuffled.set(random.nextInt(last + 1), shuffled.get(last));
                shuffled.set(last, moved);
            }
        });
        return shuffled;
    }

    @Override
    public void changed() {
        ledger.note(now, cni.stock().total(), cni.stock().assigned());
    }

    private void count(String... names) {
        for (String name : names) {
            calls.merge(name, 1, Integer::sum);
        }
    }

    // ---- what became of it

    @Override
    public List<EniHoldings> enis() {
        boolean prefixes = cni.targets().prefixes();
        return cni.stock().enis().stream()
                .map(eni -> new EniHoldings(
                        eni.size(),
                        prefixes ? eni.blocks().size() : 0,
                        prefixes
                                ? (int) eni.blocks().stream()
                                        .filter(AwsVpcCniStock.HeldBlock::isFree)
                                        .count()
                                : 0))
                .toList();
    }

    @Override
    public SortedMap<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    @Override
    public String because() {
        return cni.targets().because();
    }
}
