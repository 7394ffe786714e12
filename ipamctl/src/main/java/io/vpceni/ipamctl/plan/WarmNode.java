package io.vpceni.ipamctl.plan;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.policy.Policies;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The product's own pool, with an EC2 that does what it is asked, late.
final class WarmNode implements PlannedNode {

    /// How long an ADD waits before it fails (`VPC_ENI_ADD_WAIT_SECONDS`).
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// How long the kubelet waits after a failed sandbox.
    static final Duration RETRY = Duration.ofSeconds(10);

    /// Something that happens later; what it says is made up when it happens.
    private record Due(Instant at, long order, Supplier<Optional<Message>> news) {}

    /// An ADD that was not answered.
    private record Open(String pod, AttachmentKey key) {}

    private final WarmPool pool;
    private final NodeLimits limits;
    private final Latencies latencies;
    private final PlanTotals ledger;
    private final PlanEc2 ec2;
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::order));
    private final Map<Long, Open> open = new HashMap<>();
    private final Map<String, Instant> wanting = new HashMap<>();
    private final Map<String, AttachmentKey> keys = new HashMap<>();
    private final Map<AttachmentKey, InetAddress> addresses = new HashMap<>();
    private Instant now;
    private long order;
    private long ticket;
    private int devices;

    /// A node with its primary ENI only, and no address on it.
    WarmNode(PoolSettings settings, NodeLimits limits, Latencies latencies, PlanTotals ledger, Instant start) {
        this.pool = new WarmPool(settings, limits, Policies.of(settings));
        this.limits = limits;
        this.latencies = latencies;
        this.ledger = ledger;
        this.now = start;
        this.ec2 = new PlanEc2(limits, start);
        tell(new Message.EniFound(eni(ec2.primary(), devices++), List.of()));
        tell(new Message.Tick());
    }

    @Override
    public void arrive(String pod, Instant at) {
        advance(at);
        wanting.put(pod, at);
        ask(pod);
    }

    private void ask(String pod) {
        ticket++;
        AttachmentKey key = new AttachmentKey("plan", pod + "." + ticket, "eth0");
        keys.put(pod, key);
        open.put(ticket, new Open(pod, key));
        tell(new Message.Assign(ticket, key, new PodName("plan", pod), now.plus(PATIENCE)));
    }

    @Override
    public void depart(String pod, Instant at) {
        advance(at);
        gaveUp(pod);
        AttachmentKey key = keys.remove(pod);
        if (key != null) {
            ticket++;
            tell(new Message.CancelWaitingAdds(ticket, key));
            addresses.remove(key);
            tell(new Message.Release(key));
        }
    }

    private void gaveUp(String pod) {
        Instant since = wanting.remove(pod);
        if (since != null) {
            ledger.served(Duration.between(since, now));
        }
    }

    @Override
    public void advance(Instant until) {
        Optional<Instant> next = next();
        while (next.isPresent() && !next.get().isAfter(until)) {
            now = next.get();
            Due first = due.peek();
            if (first != null && !first.at().isAfter(now)) {
                due.remove();
                first.news().get().ifPresent(this::tell);
            } else {
                tell(new Message.Tick());
            }
            next = next();
        }
        now = until;
        ledger.note(now, ec2.held(), addresses.size());
    }

    private Optional<Instant> next() {
        Optional<Instant> tick = pool.nextTickAt().map(at -> at.isAfter(now) ? at : now.plusMillis(1));
        Due first = due.peek();
        boolean ticksFirst = first == null || (tick.isPresent() && tick.get().isBefore(first.at()));
        return ticksFirst ? tick : Optional.of(first.at());
    }

    private void tell(Message message) {
        for (Effect effect : pool.handle(message, now)) {
            act(effect);
        }
        ledger.note(now, ec2.held(), addresses.size());
    }

    private void act(Effect effect) {
        switch (effect) {
            case Effect.Answered(long answered, AssignResult result) -> answered(answered, result);
            case Effect.AssignBlocks(long request, EniId eni, BlockKind kind, int count) -> {
                ec2.count("AssignPrivateIpAddresses");
                later(
                        latencies.assign(),
                        () -> Optional.of(new Message.BlocksAdded(request, eni, ec2.assign(eni, kind, count, now))));
            }
            case Effect.AddEni(long request, int _, BlockKind kind, int count) -> {
                ec2.count("CreateNetworkInterface", "AttachNetworkInterface", "ModifyNetworkInterfaceAttribute");
                later(latencies.addEni(), () -> {
                    int device = devices++;
                    EniId made = ec2.add(device, kind, count, now);
                    return Optional.of(new Message.EniReady(request, eni(made, device), List.copyOf(ec2.of(made))));
                });
            }
            case Effect.Verify(long request, EniId eni) -> {
                ec2.count("DescribeNetworkInterfaces");
                Instant asked = now;
                later(
                        latencies.describe(),
                        () -> Optional.of(new Message.Verified(
                                request,
                                new Evidence(asked, ec2.has(eni), ec2.of(eni), Set.copyOf(addresses.values())))));
            }
            case Effect.Unassign(long request, EniId eni, List<Cidr> blocks) -> {
                ec2.count("UnassignPrivateIpAddresses");
                later(latencies.unassign(), () -> {
                    ec2.unassign(eni, blocks, now);
                    return Optional.of(new Message.Unassigned(request));
                });
            }
            case Effect.RemoveEni(long request, EniId eni) -> {
                ec2.count("DetachNetworkInterface", "DeleteNetworkInterface");
                later(latencies.removeEni(), () -> {
                    ec2.remove(eni, now);
                    return Optional.of(new Message.EniRemoved(request));
                });
            }
            case Effect.Write _, Effect.Held _, Effect.Noticed _ -> {}
        }
    }

    private void answered(long answered, AssignResult result) {
        Open add = Optional.ofNullable(open.remove(answered)).orElseThrow();
        switch (result) {
            case AssignResult.Assigned(var assignment) -> {
                addresses.put(add.key(), assignment.address());
                gaveUp(add.pod());
            }
            case AssignResult.NoAddress _ -> {
                keys.remove(add.pod(), add.key());
                later(RETRY, () -> {
                    if (wanting.containsKey(add.pod())) {
                        ask(add.pod());
                    }
                    return Optional.empty();
                });
            }
            case AssignResult.AlreadyAssigned _, AssignResult.Cancelled _ -> {}
        }
    }

    private void later(Duration latency, Supplier<Optional<Message>> news) {
        due.add(new Due(now.plus(latency), order++, news));
    }

    private Eni eni(EniId id, int device) {
        return new Eni(id, new DeviceSlot(0, device), device == 0, limits.slotsPerEni());
    }

    @Override
    public List<EniHoldings> enis() {
        Set<Cidr> busy = new HashSet<>();
        PoolSnapshot snapshot = pool.snapshot(now);
        for (PoolSnapshot.AddressView view : snapshot.addresses()) {
            if (view.state() == AddressState.ASSIGNED) {
                view.block().ifPresent(busy::add);
            }
        }
        List<EniHoldings> enis = new ArrayList<>();
        for (EniId id : ec2.ids()) {
            Set<Cidr> prefixes = new TreeSet<>(ec2.of(id));
            int blocks = prefixes.size();
            prefixes.removeIf(block -> BlockKind.of(block) != BlockKind.PREFIX);
            int singles = blocks - prefixes.size();
            int idle = (int)
                    prefixes.stream().filter(block -> !busy.contains(block)).count();
            enis.add(new EniHoldings(
                    singles + prefixes.size() * (int) BlockKind.PREFIX.addresses(), prefixes.size(), idle));
        }
        return enis;
    }

    @Override
    public SortedMap<String, Integer> calls() {
        return ec2.calls();
    }

    @Override
    public String because() {
        return pool.snapshot(now).target().reason();
    }
}
