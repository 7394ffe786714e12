package io.vpceni.pool;

import static io.vpceni.pool.PoolFixture.address;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// A node, its runtime and its EC2 in one seeded history, with books of their own: they share no code with the pool.
final class SimulatedNode {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String PRIMARY = "eni-0000";

    /// All but the limit of addresses: the pool learns that one for good, and this EC2 does not lie.
    private static final List<GrowthObstacle> FAULTS =
            List.copyOf(EnumSet.complementOf(EnumSet.of(GrowthObstacle.ADDRESS_LIMIT)));

    private record Waiting(long ticket, AttachmentKey key, Instant deadline) {}

    private final long seed;
    private final SplittableRandom random;
    private final PoolSettings settings;
    private final NodeLimits limits;
    private final WarmPool pool;
    private Instant now = START;

    /// EC2's books: ENI to its secondary addresses.
    private final Map<String, Set<InetAddress>> ec2 = new HashMap<>();

    private int subnetLeft;
    private int nextAddress = 1;
    private final List<Effect> requests = new ArrayList<>();

    /// The runtime's books.
    private final Map<AttachmentKey, InetAddress> sandboxes = new HashMap<>();

    private final Map<InetAddress, Instant> releasedAt = new HashMap<>();
    private final Map<AttachmentKey, Long> delBegan = new HashMap<>();
    private final List<Waiting> queue = new ArrayList<>();
    private final Set<Long> answered = new HashSet<>();
    private final List<AttachmentKey> keysWithDel = new ArrayList<>();
    private long nextTicket = 1;
    private int nextContainer = 1;
    int assignedCount;
    int refusedCount;
    int cancelledCount;
    int failedRequests;
    int served;

    SimulatedNode(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.limits = new NodeLimits(1 + random.nextInt(5), 2 + random.nextInt(8));
        boolean byAddress = random.nextBoolean();
        this.settings = new PoolSettings(
                random.nextInt(3),
                byAddress ? random.nextInt(6) : 0,
                byAddress ? random.nextInt(12) : 0,
                random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0,
                Duration.ofSeconds(random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(40)));
        this.subnetLeft = 5 + random.nextInt(60);
        this.pool = new WarmPool(settings, limits);
        ec2.put(PRIMARY, new HashSet<>());
        send(new Message.EniReady(0, eni(PRIMARY, 0), List.of()));
        send(new Message.Tick());
    }

    void step() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> add();
            case 3, 4, 5 -> del();
            case 6, 7 -> ec2Answers(true);
            case 8 -> advance(Duration.ofMillis(random.nextInt(3_000)));
            default -> odd();
        }
        verify();
    }

    /// No more ADDs and DELs, EC2 answers truly, time goes where the pool wants it.
    void calmDown() {
        subnetLeft = 1_000;
        for (int i = 0; i < 400; i++) {
            while (!requests.isEmpty()) {
                ec2Answers(false);
            }
            Optional<Instant> next = pool.lookAgainAt();
            if (next.isPresent()) {
                check(next.get().isAfter(now), "lookAgainAt lies ahead");
                now = next.get();
                send(new Message.Tick());
            }
            verify();
        }
        check(queue.isEmpty(), "every ADD is answered when the world is calm");
        int enisMax = enisMax();
        int held = ec2.values().stream().mapToInt(Set::size).sum();
        boolean full = ec2.size() == enisMax
                && ec2.values().stream().allMatch(addresses -> addresses.size() == limits.addressesPerEniMax() - 1);
        int free = held - sandboxes.size();
        boolean stocked = settings.countsAddresses()
                ? free >= settings.warmIpTarget() && held >= settings.minimumIpTarget()
                : free >= Math.max(1, settings.warmEniTarget() * (limits.addressesPerEniMax() - 1));
        check(full || stocked, "the pool is at its target or full: holds " + held + ", free " + free);
    }

    private void add() {
        boolean again = !sandboxes.isEmpty() && random.nextInt(8) == 0;
        AttachmentKey key = again
                ? sandboxes.keySet().stream().sorted().toList().get(random.nextInt(sandboxes.size()))
                : new AttachmentKey("net", "c" + nextContainer++, "eth0");
        sendAdd(nextTicket++, key, now.plusMillis(random.nextInt(20_000)));
    }

    private void sendAdd(long ticket, AttachmentKey key, Instant deadline) {
        queue.add(new Waiting(ticket, key, deadline));
        send(new Message.Assign(ticket, key, PodName.UNKNOWN, deadline));
    }

    private void del() {
        AttachmentKey key = aKnownKey();
        long ticket = nextTicket++;
        send(new Message.PrepareRelease(ticket, key));
        check(queue.stream().noneMatch(w -> w.key().equals(key)), "a DEL leaves no ADD of its key waiting");
        delBegan.put(key, ticket);
        keysWithDel.add(key);
        if (random.nextInt(4) != 0) {
            release(key);
        }
    }

    private void release(AttachmentKey key) {
        InetAddress address = sandboxes.remove(key);
        if (address != null) {
            releasedAt.put(address, now);
        }
        delBegan.remove(key);
        send(new Message.Release(key));
    }

    private AttachmentKey aKnownKey() {
        List<AttachmentKey> keys = new ArrayList<>(sandboxes.keySet());
        queue.forEach(w -> keys.add(w.key()));
        keys.sort(null);
        return keys.isEmpty() || random.nextInt(6) == 0
                ? new AttachmentKey("net", "c" + nextContainer++, "eth0")
                : keys.get(random.nextInt(keys.size()));
    }

    /// Overtaken ADDs, ended DELs, repeated and false answers, time that leaps.
    private void odd() {
        switch (random.nextInt(6)) {
            case 0 -> {
                long overtaken = nextTicket++;
                AttachmentKey key = new AttachmentKey("net", "c" + nextContainer++, "eth0");
                send(new Message.PrepareRelease(nextTicket++, key));
                int before = cancelledCount;
                sendAdd(overtaken, key, now.plusSeconds(5));
                check(cancelledCount == before + 1, "an overtaken ADD is cancelled");
                sendAdd(nextTicket++, key, now.plusSeconds(5));
            }
            case 1 -> delBegan.keySet().stream().sorted().findFirst().ifPresent(this::release);
            case 2 -> {
                String eni = ec2.keySet().stream().sorted().toList().get(random.nextInt(ec2.size()));
                List<InetAddress> all =
                        List.copyOf(ec2.getOrDefault(PRIMARY, Set.of())); // listed for the wrong ENI, or once more
                send(new Message.BlocksAdded(random.nextInt(3) == 0 ? 77_777 : 0, new EniId(eni), blocks(all)));
            }
            case 3 -> send(new Message.RequestFailed(88_888, GrowthObstacle.OTHER, "nobody asked"));
            case 4 -> advance(Duration.ofSeconds(random.nextInt(60)));
            default -> send(new Message.Tick());
        }
    }

    private void advance(Duration by) {
        now = now.plus(by);
        send(new Message.Tick());
    }

    private void ec2Answers(boolean withFaults) {
        if (requests.isEmpty()) {
            return;
        }
        Effect request = requests.remove(random.nextInt(requests.size()));
        long id = switch (request) {
            case Effect.AssignBlocks ask -> ask.request();
            case Effect.AddEni ask -> ask.request();
            case Effect.Answered _,
                    Effect.ReleasePrepared _,
                    Effect.Write _,
                    Effect.Verify _,
                    Effect.Unassign _,
                    Effect.RemoveEni _,
                    Effect.Noticed _ -> throw new AssertionError(request);
        };
        if (withFaults && random.nextInt(4) == 0) {
            failedRequests++;
            send(new Message.RequestFailed(id, FAULTS.get(random.nextInt(FAULTS.size())), "as the seed has it"));
            return;
        }
        switch (request) {
            case Effect.AssignBlocks(long r, EniId eni, BlockKind _, int count) -> {
                List<InetAddress> added = fresh(withFaults ? random.nextInt(count + 1) : count);
                Set<InetAddress> there = ec2.getOrDefault(eni.value(), Set.of());
                there.addAll(added);
                List<InetAddress> listed = random.nextBoolean() ? added : List.copyOf(there);
                send(new Message.BlocksAdded(r, eni, blocks(listed)));
            }
            case Effect.AddEni(long r, int _, BlockKind _, int count) -> {
                String id2 = "eni-" + (1000 + ec2.size() * 7 % 10 * 100 + ec2.size());
                List<InetAddress> added = fresh(count);
                ec2.put(id2, new HashSet<>(added));
                send(new Message.EniReady(r, eni(id2, ec2.size() - 1), blocks(added)));
            }
            case Effect.Answered _,
                    Effect.ReleasePrepared _,
                    Effect.Write _,
                    Effect.Verify _,
                    Effect.Unassign _,
                    Effect.RemoveEni _,
                    Effect.Noticed _ -> throw new AssertionError(request);
        }
    }

    private static List<Cidr> blocks(List<InetAddress> addresses) {
        return addresses.stream().map(address -> Cidr.containing(address, 32)).toList();
    }

    private List<InetAddress> fresh(int wanted) {
        int count = Math.min(wanted, subnetLeft);
        subnetLeft -= count;
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(address(nextAddress++));
        }
        return addresses;
    }

    private void send(Message message) {
        for (Effect effect : pool.handle(message, now)) {
            switch (effect) {
                case Effect.Answered(long ticket, AssignResult result) -> answered(ticket, result);
                case Effect.ReleasePrepared(long _, Optional<Assignment> has) -> {
                    AttachmentKey key = ((Message.PrepareRelease) message).key();
                    check(
                            has.map(Assignment::address).equals(Optional.ofNullable(sandboxes.get(key))),
                            "a DEL is told what its key has");
                }
                case Effect.AssignBlocks ask -> {
                    check(ask.count() > 0, "asks for something");
                    requests.add(ask);
                }
                case Effect.Write _, Effect.Verify _, Effect.Unassign _, Effect.RemoveEni _, Effect.Noticed _ -> {}
                case Effect.AddEni ask -> {
                    check(ask.count() > 0, "asks for something");
                    requests.add(ask);
                }
            }
        }
    }

    private void answered(long ticket, AssignResult result) {
        check(answered.add(ticket), "ticket " + ticket + " is answered once");
        int place = 0;
        while (place < queue.size() && queue.get(place).ticket() != ticket) {
            place++;
        }
        check(place < queue.size(), "ticket " + ticket + " had asked");
        Waiting waiting = queue.get(place);
        switch (result) {
            case AssignResult.Assigned(Assignment assignment) -> {
                check(place == 0, "who came first is served first");
                give(waiting.key(), assignment);
                served++;
            }
            case AssignResult.AlreadyAssigned(Assignment assignment) -> {
                check(assignment.address().equals(sandboxes.get(waiting.key())), "one key, one address");
                served++;
            }
            case AssignResult.NoAddress(String reason) -> {
                check(
                        !now.isBefore(waiting.deadline()) || delBegan.containsKey(waiting.key()),
                        "nobody is refused before the deadline: " + reason);
                refusedCount++;
            }
            case AssignResult.Cancelled() -> cancelledCount++;
        }
        queue.remove(place);
    }

    private void give(AttachmentKey key, Assignment assignment) {
        InetAddress address = assignment.address();
        check(assignment.key().equals(key), "the answer is for the key that asked");
        check(!sandboxes.containsKey(key), "one key, one address");
        check(!sandboxes.containsValue(address), address + " has one owner");
        check(
                ec2.getOrDefault(assignment.eni().value(), Set.of()).contains(address),
                address + " is on the ENI that the answer names");
        Instant released = releasedAt.get(address);
        check(
                released == null || !now.isBefore(released.plus(settings.cooldown())),
                address + " has cooled before it is given out");
        sandboxes.put(key, address);
        assignedCount++;
    }

    private void verify() {
        int enisAsked = 0;
        Map<String, Integer> asked = new HashMap<>();
        for (Effect request : requests) {
            switch (request) {
                case Effect.AssignBlocks(long _, EniId eni, BlockKind _, int count) ->
                    asked.merge(eni.value(), count, Integer::sum);
                case Effect.AddEni(long _, int _, BlockKind _, int count) -> {
                    enisAsked++;
                    check(count < limits.addressesPerEniMax(), "a new ENI fits");
                }
                case Effect.Answered _,
                        Effect.ReleasePrepared _,
                        Effect.Write _,
                        Effect.Verify _,
                        Effect.Unassign _,
                        Effect.RemoveEni _,
                        Effect.Noticed _ -> throw new AssertionError(request);
            }
        }
        check(ec2.size() + enisAsked <= Math.max(1, enisMax()), "no more ENIs than allowed");
        ec2.forEach((eni, addresses) -> check(
                addresses.size() + asked.getOrDefault(eni, 0) < limits.addressesPerEniMax(),
                "no more addresses than fit on " + eni));
        check(queue.stream().allMatch(w -> w.deadline().isAfter(now)), "every ADD is answered by its deadline");
        PoolSnapshot snapshot = pool.snapshot(now);
        int held = ec2.values().stream().mapToInt(Set::size).sum();
        check(snapshot.addresses().size() == held, "the pool knows what EC2 gave: " + held);
        check(snapshot.waiting() == queue.size(), "the pool knows who waits");
        check(snapshot.waiting() == 0 || snapshot.assignable() == 0, "nobody waits beside a free address");
        check(
                snapshot.enis().stream()
                                .mapToInt(PoolSnapshot.EniCounts::assigned)
                                .sum()
                        == sandboxes.size(),
                "the pool knows who has an address");
    }

    private int enisMax() {
        return settings.maxEni() == 0 ? limits.enisMax() : Math.min(limits.enisMax(), settings.maxEni());
    }

    private Eni eni(String id, int deviceIndex) {
        return new Eni(new EniId(id), 0, deviceIndex, id.equals(PRIMARY), limits.addressesPerEniMax() - 1);
    }

    private void check(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError("seed " + seed + " at " + Duration.between(START, now) + ": broken: " + claim);
        }
    }
}
