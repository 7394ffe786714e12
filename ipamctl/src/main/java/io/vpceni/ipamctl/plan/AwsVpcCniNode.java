package io.vpceni.ipamctl.plan;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
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

/// The AWS VPC CNI as it is, as far as numbers show it: a look every five seconds, one ENI or one batch in each,
/// cooling addresses counted as stock and given back like any other, an ADD that finds nothing fails at once and comes
/// back when the kubelet tries again. Written from the description of its behaviour, for one network card.
final class AwsVpcCniNode implements Node {

    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration SHRINK_PAUSE = Duration.ofSeconds(30);
    private static final Duration ENI_LIFE_MIN = Duration.ofSeconds(60);

    private record Due(Instant at, long order, Runnable what) {}

    private final PoolSettings settings;
    private final NodeLimits limits;
    private final Latencies latencies;
    private final PlanTotals ledger;

    /// For the order in which ENIs are tried, which there is that of a hash map; empty: as plugged in.
    private final Optional<RandomGenerator> anyOrder;

    private final AwsVpcCniStock stock = new AwsVpcCniStock();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::order));
    private final Map<String, Instant> wanting = new HashMap<>();
    private final Map<String, AwsVpcCniStock.Address> held = new HashMap<>();
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private final int blockSize;
    private Instant now;
    private Instant shrunk;
    private long order;

    AwsVpcCniNode(
            PoolSettings settings,
            NodeLimits limits,
            Latencies latencies,
            PlanTotals ledger,
            Instant start,
            Optional<RandomGenerator> anyOrder) {
        this.settings = settings;
        this.limits = limits;
        this.latencies = latencies;
        this.ledger = ledger;
        this.anyOrder = anyOrder;
        this.blockSize = settings.mode() == PoolMode.PREFIXES ? 16 : 1;
        this.now = start;
        this.shrunk = start;
        calls.put("AssignPrivateIpAddresses", 0);
        calls.put("CreateNetworkInterface", 0);
        stock.enis.add(new AwsVpcCniStock.Eni(start, new ArrayList<>()));
        later(Duration.ZERO, this::tick);
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
        for (AwsVpcCniStock.Eni eni : inAnyOrder(stock.enis)) {
            for (AwsVpcCniStock.Block block : inAnyOrder(eni.blocks())) {
                for (AwsVpcCniStock.Address address : block.addresses()) {
                    if (address.pod == null && !address.cools(now, settings.cooldown())) {
                        address.pod = pod;
                        held.put(pod, address);
                        stock.assigned++;
                        wanting.remove(pod);
                        ledger.served(Duration.between(since, now));
                        note();
                        return;
                    }
                }
            }
        }
        later(WarmNode.RETRY, () -> tryAdd(pod));
    }

    @Override
    public void depart(String pod, Instant at) {
        advance(at);
        Instant since = wanting.remove(pod);
        if (since != null) {
            ledger.served(Duration.between(since, now));
        }
        AwsVpcCniStock.Address address = held.remove(pod);
        if (address != null) {
            address.pod = null;
            address.released = now;
            stock.assigned--;
            note();
        }
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
        note();
    }

    private void tick() {
        Duration took = isLow() ? grow() : shrinkBlocks();
        took = took.plus(shrinkEni());
        later(took.plus(TICK), this::tick);
    }

    private boolean isLow() {
        if (settings.podsMax() > 0 && stock.total >= settings.podsMax()) {
            return false;
        }
        if (settings.countsAddresses()) {
            return missing() > 0;
        }
        return stock.available() < warm() || (warm() == 0 && stock.available() == 0);
    }

    private int warm() {
        return prefixes() ? settings.warmPrefixTarget() * blockSize : settings.warmEniTarget() * limits.slotsPerEni();
    }

    private int missing() {
        return Math.max(
                Math.max(settings.warmIpTarget() - stock.available(), 0), settings.minimumIpTarget() - stock.total);
    }

    private int blocksWanted() {
        if (settings.countsAddresses()) {
            return Math.ceilDiv(missing(), blockSize);
        }
        return prefixes() ? Math.max(1, settings.warmPrefixTarget() - stock.freeBlocks()) : limits.slotsPerEni();
    }

    private Duration grow() {
        int wanted = blocksWanted();
        for (AwsVpcCniStock.Eni eni : inAnyOrder(stock.enis)) {
            int room = limits.slotsPerEni() - eni.blocks().size();
            if (room > 0) {
                count("AssignPrivateIpAddresses");
                later(latencies.assign(), () -> stock.add(eni, Math.min(room, wanted), blockSize));
                return latencies.assign();
            }
        }
        int enisMax = limits.enisMax();
        if (settings.maxEni() > 0) {
            enisMax = Math.min(enisMax, settings.maxEni());
        }
        if (stock.enis.size() >= enisMax || limits.slotsPerEni() == 0) {
            return Duration.ZERO;
        }
        count("CreateNetworkInterface", "AttachNetworkInterface", "ModifyNetworkInterfaceAttribute");
        later(latencies.addEni(), () -> {
            AwsVpcCniStock.Eni eni = new AwsVpcCniStock.Eni(now, new ArrayList<>());
            stock.enis.add(eni);
            stock.add(eni, Math.min(limits.slotsPerEni(), wanted), blockSize);
        });
        return latencies.addEni();
    }

    private int blocksTooMany() {
        if (settings.countsAddresses()) {
            int warm = settings.warmIpTarget();
            int minimum = settings.minimumIpTarget();
            if (!prefixes()) {
                return Math.max(Math.min(Math.max(stock.available() - warm, 0), stock.total - minimum), 0);
            }
            int blocks = stock.blocks();
            int idle =
                    Math.max(Math.min(stock.freeBlocks(), blocks - Math.ceilDiv(stock.assigned + warm, blockSize)), 0);
            return Math.max(Math.min(idle, blocks - Math.ceilDiv(minimum, blockSize)), 0);
        }
        return prefixes() ? Math.max(0, stock.freeBlocks() - settings.warmPrefixTarget()) : 0;
    }

    private Duration shrinkBlocks() {
        int left = blocksTooMany();
        if (left == 0 || now.isBefore(shrunk.plus(SHRINK_PAUSE))) {
            return Duration.ZERO;
        }
        shrunk = now;
        Duration took = Duration.ZERO;
        for (AwsVpcCniStock.Eni eni : inAnyOrder(stock.enis)) {
            int before = left;
            for (AwsVpcCniStock.Block block : List.copyOf(eni.blocks())) {
                if (left > 0 && block.isFree()) {
                    eni.blocks().remove(block);
                    stock.total -= blockSize;
                    left--;
                }
            }
            if (left < before) {
                count("UnassignPrivateIpAddresses");
                took = took.plus(latencies.unassign());
            }
        }
        note();
        return took;
    }

    private Duration shrinkEni() {
        int chunk = limits.slotsPerEni() * blockSize;
        int target = prefixes() ? settings.warmPrefixTarget() : settings.warmEniTarget();
        boolean tries = settings.countsAddresses() || prefixes() || stock.available() >= (target + 1) * chunk;
        for (AwsVpcCniStock.Eni eni : tries ? inAnyOrder(stock.enis) : List.<AwsVpcCniStock.Eni>of()) {
            if (mayGo(eni)) {
                count("DetachNetworkInterface", "DeleteNetworkInterface");
                stock.enis.remove(eni);
                stock.total -= eni.size();
                note();
                return latencies.removeEni();
            }
        }
        return Duration.ZERO;
    }

    private boolean mayGo(AwsVpcCniStock.Eni eni) {
        boolean rests = eni.blocks().stream()
                .flatMap(block -> block.addresses().stream())
                .anyMatch(address -> address.cools(now, settings.cooldown()));
        if (eni.equals(stock.enis.getFirst())
                || now.isBefore(eni.born().plus(ENI_LIFE_MIN))
                || !eni.isFree()
                || rests) {
            return false;
        }
        int availableElsewhere = stock.available() - eni.size();
        int totalElsewhere = stock.total - eni.size();
        int freeElsewhere = stock.freeBlocks() - eni.blocks().size();
        return availableElsewhere >= Math.ceilDiv(settings.warmIpTarget(), blockSize) * blockSize
                && totalElsewhere >= Math.ceilDiv(settings.minimumIpTarget(), blockSize) * blockSize
                && (!prefixes() || settings.countsAddresses() || freeElsewhere >= settings.warmPrefixTarget());
    }

    private boolean prefixes() {
        return settings.mode() == PoolMode.PREFIXES;
    }

    private <T> List<T> inAnyOrder(List<T> those) {
        List<T> order = new ArrayList<>(those);
        anyOrder.ifPresent(random -> {
            for (int last = order.size() - 1; last > 0; last--) {
                T moved = order.set(random.nextInt(last + 1), order.get(last));
                order.set(last, moved);
            }
        });
        return order;
    }

    private void later(Duration latency, Runnable what) {
        due.add(new Due(now.plus(latency), order++, what));
    }

    private void count(String... names) {
        for (String name : names) {
            calls.merge(name, 1, Integer::sum);
        }
    }

    private void note() {
        ledger.note(now, stock.total, stock.assigned);
    }

    @Override
    public List<EniHoldings> enis() {
        return stock.enis.stream()
                .map(eni -> new EniHoldings(
                        eni.size(),
                        prefixes() ? eni.blocks().size() : 0,
                        prefixes()
                                ? (int) eni.blocks().stream()
                                        .filter(AwsVpcCniStock.Block::isFree)
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
        if (settings.countsAddresses()) {
            return "WARM_IP_TARGET=" + settings.warmIpTarget() + " and " + stock.available()
                    + " available, MINIMUM_IP_TARGET=" + settings.minimumIpTarget() + " and " + stock.total
                    + " held: too few when one of the two is not reached";
        }
        return (prefixes()
                        ? "WARM_PREFIX_TARGET=" + settings.warmPrefixTarget()
                        : "WARM_ENI_TARGET=" + settings.warmEniTarget())
                + " wants " + warm() + " available and there are " + stock.available()
                + "; what is asked for are whole " + (prefixes() ? "prefixes" : "ENIs");
    }
}
