package io.vpceni.lab.vpc;

import io.vpceni.config.Cidr;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.backend.VpcBackend;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.world.LabSubnet;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Makes the links follow what the EC2 API says is attached. Level-triggered: a change only wakes the one thread, which
/// compares the whole desired state with the actual one.
final class Fabric implements AutoCloseable {
    private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos(); // for changes without a notification
    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    private final Namespace router;
    private final VpcBackend backend;
    private final List<Cidr> vpcCidrs;
    private final long linkDelayNanos;
    private final LongSupplier nanoTime;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Map<String, VpcNode> nodesByInstance = new TreeMap<>();
    private final Map<String, LabSubnet> subnets = new TreeMap<>();
    private Map<String, FabricLink> shown = Map.of();
    private boolean stirred = true;
    private boolean closing;
    private Optional<IOException> lastFailure = Optional.empty();

    // Confined to the thread.
    private final Map<String, FabricLink> links = new TreeMap<>();
    private final Map<String, Long> dueAt = new TreeMap<>();
    private int linkNumber;

    Fabric(Namespace router, VpcBackend backend, FabricSettings settings, LongSupplier nanoTime) {
        this.router = router;
        this.backend = backend;
        this.vpcCidrs = settings.vpcCidrs();
        this.linkDelayNanos = settings.linkDelay().toNanos();
        this.nanoTime = nanoTime;
        this.thread = Thread.ofPlatform().name("fabric").daemon().unstarted(this::follow);
    }

    void start() {
        backend.onChange(this::stir);
        thread.start();
    }

    void add(LabSubnet subnet) {
        lock.lock();
        try {
            subnets.put(subnet.id(), subnet);
            stirred = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void add(VpcNode node) {
        lock.lock();
        try {
            nodesByInstance.put(node.instanceId(), node);
            stirred = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The ENIs whose links exist, by id.
    Map<String, FabricLink> links() {
        lock.lock();
        try {
            return shown;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the node's primary ENI has its link.
    ///
    /// @throws IOException at the bound, with the cause
    void awaitPrimary(VpcNode node, Duration max) throws IOException {
        long left = max.toNanos();
        lock.lock();
        try {
            while (shown.values().stream()
                    .noneMatch(link ->
                            link.primaryEni() && link.node().instanceId().equals(node.instanceId()))) {
                if (left <= 0) {
                    throw new IOException(
                            node.name() + ": the primary ENI of " + node.instanceId() + " has no link after "
                                    + max.toMillis() + " ms",
                            lastFailure.orElse(null));
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the link of " + node.name(), e);
        } finally {
            lock.unlock();
        }
    }

    private void stir() {
        lock.lock();
        try {
            stirred = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        long waitNanos = 0;
        while (awaitStir(waitNanos)) {
            try {
                waitNanos = reconcile();
                note(Optional.empty());
            } catch (IOException e) {
                note(Optional.of(e));
                waitNanos = RETRY_NANOS;
            }
        }
    }

    private boolean awaitStir(long waitNanos) {
        long left = waitNanos;
        lock.lock();
        try {
            while (!stirred && !closing && left > 0) {
                left = changed.awaitNanos(left);
            }
            stirred = false;
            return !closing;
        } catch (InterruptedException _) {
            return false; // the JVM ends us
        } finally {
            lock.unlock();
        }
    }

    private void note(Optional<IOException> failure) {
        lock.lock();
        try {
            lastFailure = failure;
            shown = Map.copyOf(links);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Returns after how many nanoseconds to compare again.
    private long reconcile() throws IOException {
        Map<String, FabricLink> wanted = wanted();
        long now = nanoTime.getAsLong();
        long waitNanos = LOOK_NANOS;
        boolean moved = false;
        for (FabricLink link : List.copyOf(links.values())) {
            FabricLink target = wanted.get(link.eni().eniId());
            if (target == null || !target.node().equals(link.node())) {
                router.ip("link del " + link.routerName() + "\n");
                links.remove(link.eni().eniId());
                moved = true;
            } else if (!link.eni().addresses().equals(target.eni().addresses())) {
                // Before addresses are routed to another link: an address may move from one ENI to another.
                List<InetAddress> kept = kept(link, target);
                router.ip(RouterPlan.ledNoMore(link, without(link.eni().addresses(), kept)));
                links.put(link.eni().eniId(), link.with(with(link.eni(), kept)));
                moved = true;
            }
        }
        dueAt.keySet().retainAll(wanted.keySet());
        for (FabricLink target : wanted.values()) {
            String eniId = target.eni().eniId();
            FabricLink link = links.get(eniId);
            long due = dueAt.computeIfAbsent(
                    eniId,
                    _ -> now + linkDelayNanos + backend.linkDelay(target.eni()).toNanos());
            if (link == null && now - due < 0) {
                waitNanos = Math.min(waitNanos, due - now);
            } else if (link == null) {
                appear(target);
                moved = true;
            } else if (!link.eni().equals(target.eni())) {
                FabricLink readdressed = link.with(target.eni());
                router.ip(RouterPlan.led(
                        readdressed,
                        without(target.eni().addresses(), link.eni().addresses())));
                links.put(eniId, readdressed);
                moved = true;
            }
        }
        if (moved) {
            router.nft(contents(links.values()));
        }
        return waitNanos;
    }

    private static List<InetAddress> kept(FabricLink link, FabricLink target) {
        Set<InetAddress> stay = Set.copyOf(target.eni().addresses());
        return link.eni().addresses().stream().filter(stay::contains).toList();
    }

    private static List<InetAddress> without(List<InetAddress> all, List<InetAddress> some) {
        Set<InetAddress> out = Set.copyOf(some);
        return all.stream().filter(address -> !out.contains(address)).toList();
    }

    private static FabricEni with(FabricEni eni, List<InetAddress> addresses) {
        return new FabricEni(
                eni.eniId(),
                eni.macAddress(),
                eni.subnetId(),
                eni.instanceId(),
                eni.networkCard(),
                eni.deviceIndex(),
                addresses);
    }

    private Map<String, FabricLink> wanted() {
        Map<String, FabricLink> wanted = new TreeMap<>();
        List<FabricEni> attached = backend.attachedEnis();
        lock.lock();
        try {
            for (FabricEni eni : attached) {
                VpcNode node = nodesByInstance.get(eni.instanceId());
                LabSubnet subnet = subnets.get(eni.subnetId());
                if (node != null && subnet != null) {
                    wanted.put(eni.eniId(), new FabricLink(0, eni, subnet, node));
                }
            }
        } finally {
            lock.unlock();
        }
        return wanted;
    }

    /// The router knows the link before the node sees it, so that the rules hold for its first packet.
    private void appear(FabricLink target) throws IOException {
        linkNumber++;
        FabricLink link = new FabricLink(linkNumber, target.eni(), target.subnet(), target.node());
        router.ip(RouterPlan.born(link));
        router.sysctl(Map.of(
                "net/ipv4/conf/" + link.routerName() + "/proxy_arp", "1",
                "net/ipv4/conf/" + link.routerName() + "/rp_filter", "0",
                "net/ipv4/conf/" + link.routerName() + "/send_redirects", "0",
                "net/ipv4/neigh/" + link.routerName() + "/proxy_delay", "0"));
        router.ip(RouterPlan.led(link, link.eni().addresses()));
        Map<String, FabricLink> soon = new TreeMap<>(links);
        soon.put(link.eni().eniId(), link);
        router.nft(contents(soon.values()));
        if (link.primaryEni()) {
            link.node().namespace().ip(RouterPlan.operatingSystem(link));
        }
        links.put(link.eni().eniId(), link);
    }

    private String contents(Collection<FabricLink> of) {
        lock.lock();
        try {
            return RouterPlan.contents(of, vpcCidrs, subnets.values(), nodesByInstance.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(STOP_MAX)) {
                throw new IOException("the fabric has not stopped within " + STOP_MAX.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the fabric stops", e);
        }
    }
}
