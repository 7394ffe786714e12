package io.vpceni.lab.simulate.check;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.PoolSnapshot;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Checks every invariant from what the world saw: answers, EC2's state, the kernel, the disk and the time. Knows
/// nothing of how the pool works, and nothing of the mutant.
public final class Checker {
    private static final Duration TIME_TO_FINISH = Duration.ofMinutes(30);

    private final SimulatedVpc ec2;
    private final SimKernel kernel;
    private final AddRecords adds = new AddRecords();
    private final HolderRecords holders;
    private final LimitRecords limits;
    private final IntentRecords intents;
    private final EniRecords enis;

    /// When the product asked the kernel about an ENI for the proof that it was told last.
    private final Map<EniId, Instant> proofAsked = new HashMap<>();

    /// What the disk has: the last word on each key.
    private final Map<AttachmentKey, InetAddress> durable = new HashMap<>();

    public Checker(WorldParameters parameters, SimulatedVpc ec2, SimKernel kernel) {
        this.ec2 = ec2;
        this.kernel = kernel;
        this.holders = new HolderRecords(ec2, parameters.settings().cooldown());
        this.limits = new LimitRecords(ec2, parameters.limits(), parameters.settings());
        this.intents = new IntentRecords(ec2);
        this.enis = new EniRecords(ec2, intents);
    }

    public LimitRecords limits() {
        return limits;
    }

    public IntentRecords intents() {
        return intents;
    }

    public EniRecords enis() {
        return enis;
    }

    public HolderRecords holders() {
        return holders;
    }

    public int waiting() {
        return adds.count();
    }

    // ---- ADD and DEL

    public void asked(long ticket, AttachmentKey key, Instant deadline, Instant now) {
        adds.asked(ticket, key, deadline, now);
    }

    /// @param excused whether an early refusal has a reason that the world knows of
    public void answered(long ticket, AssignResult result, Instant now, boolean excused) {
        AttachmentKey key = adds.answered(ticket, result, now, excused).key();
        switch (result) {
            case AssignResult.Assigned(Assignment assignment) -> given(key, assignment, now);
            case AssignResult.AlreadyAssigned(Assignment assignment) -> given(key, assignment, now);
            case AssignResult.NoAddress _, AssignResult.Cancelled _ -> {}
        }
    }

    private void given(AttachmentKey key, Assignment assignment, Instant now) {
        if (!assignment.key().equals(key)) {
            throw new Violation(Invariant.ONE_OWNER, key + " is given what belongs to " + assignment.key());
        }
        boolean known = holders.of(key).isPresent();
        holders.give(assignment, now);
        if (!known && !assignment.address().equals(durable.get(key))) {
            throw new Violation(
                    Invariant.ACKNOWLEDGED_SURVIVES,
                    "the ADD of " + key.containerId() + " is answered with "
                            + assignment.address().getHostAddress() + " that the journal does not have");
        }
    }

    public void durable(JournalRecord record) {
        switch (record) {
            case JournalRecord.Assigned(Assignment assignment, Instant _, var _, var _) ->
                durable.put(assignment.key(), assignment.address());
            case JournalRecord.Released(AttachmentKey key, InetAddress _, Instant _, Instant _) -> durable.remove(key);
            case JournalRecord.DelSeen(AttachmentKey key, long ticket, Instant _) -> adds.durable(key, ticket);
            case JournalRecord.Disputed _,
                    JournalRecord.DisputeResolved _,
                    JournalRecord.Leaving _,
                    JournalRecord.Unassigned _,
                    JournalRecord.UnassignFailed _ -> {}
        }
    }

    /// @param told what the DEL was told that the key has
    public void delBegan(long ticket, AttachmentKey key, Optional<Assignment> told, Instant now) {
        adds.delBegan(ticket, key, now);
        Optional<Assignment> has = holders.of(key);
        if (has.isPresent() && kernel.wiringOf(key).isPresent() && told.isEmpty()) {
            throw new Violation(
                    Invariant.ACKNOWLEDGED_SURVIVES,
                    "the DEL of " + key.containerId() + " is told nothing of "
                            + has.get().address().getHostAddress());
        }
        if (told.isPresent()) {
            adds.releasing(key);
        }
    }

    public void released(AttachmentKey key, Instant now) {
        adds.released(key);
        holders.end(key, now, true);
    }

    /// What was given was never used: it need not rest.
    public void neverWired(AttachmentKey key, Instant now) {
        adds.released(key);
        holders.end(key, now, false);
    }

    /// The sandbox is gone and nobody told ipamd.
    public void vanished(AttachmentKey key, Instant now) {
        holders.end(key, now, true);
    }

    /// ipamd is dead. What was given and not wired is nobody's.
    public void crashed(Instant now) {
        adds.crashed();
        limits.crashed();
        intents.crashed();
        enis.crashed();
        proofAsked.clear();
        for (AttachmentKey key : List.copyOf(holders.given().keySet())) {
            if (kernel.wiringOf(key).isEmpty()) {
                holders.end(key, now, false);
            }
        }
    }

    public void handled(Instant now) {
        adds.handled(now);
    }

    /// The owner wants to look again at that moment, asked at this one.
    public void looksAgain(Instant at, Instant now) {
        if (!at.isAfter(now)) {
            throw new Violation(Invariant.PROGRESS, "wants to look again at " + at + " and it is " + now);
        }
    }

    // ---- EC2

    public void requested(Effect.Request request) {
        limits.requested(request);
        switch (request) {
            case Effect.Unassign(long _, EniId eni, List<Cidr> blocks) -> requireNotNamed(eni, blocks, request);
            case Effect.RemoveEni(long _, EniId eni) ->
                ec2.eni(eni).ifPresent(there -> requireNotNamed(eni, there.blocks(), request));
            case Effect.AssignBlocks _, Effect.AddEni _, Effect.Verify _ -> {}
        }
    }

    /// What the kernel has named since before the product asked it last must not go back. What a sandbox has is
    /// [HolderRecords]' affair.
    private void requireNotNamed(EniId eni, Collection<Cidr> blocks, Effect.Request request) {
        Instant asked = proofAsked.getOrDefault(eni, Instant.MIN);
        Set<InetAddress> inUse = kernel.inUse();
        kernel.named().forEach((address, since) -> {
            boolean left = !since.isAfter(asked) && !inUse.contains(address);
            if (left && blocks.stream().anyMatch(block -> block.contains(address))) {
                throw new Violation(
                        Invariant.NEVER_UNASSIGNED_WHILE_ROUTED,
                        "the kernel has named " + address.getHostAddress() + " since " + since + " and is taken back: "
                                + request);
            }
        });
    }

    public void ec2Added(Collection<Cidr> blocks) {
        blocks.forEach(holders::backAgain);
    }

    /// The product asked EC2 to take the block back, and EC2 does.
    public void ec2Takes(Cidr block, Ec2Call<?> call) {
        holders.requireUnused(block, call);
        limits.gone(block);
    }

    /// The product asked EC2 to detach the ENI, and EC2 does.
    public void detaches(SimulatedEni eni, Ec2Call.Detach call) {
        enis.detaches(eni, call);
        eni.blocks().forEach(block -> ec2Takes(block, call));
    }

    public void takenByOthers(Cidr block, Instant now) {
        holders.takenByOthers(block, now);
        limits.gone(block);
    }

    /// The machine of ENIs tells the pool something.
    ///
    /// @param isReady whether the link of an ENI is set up
    public void tells(Message message, Predicate<EniId> isReady, Instant now) {
        if (message instanceof Message.EniAttached ready) {
            limits.tell(ready.eni().id());
            limits.tell(ready.blocks());
            holders.told(ready.blocks(), now);
        } else if (message instanceof Message.BlocksAdded added) {
            holders.told(added.blocks(), now);
        } else if (message instanceof Message.EniRoleIs(EniId eni, EniRole role)) {
            limits.tell(eni, role);
        }
        if (message instanceof Message.EniAttached ready
                && ready.eni().role() == EniRole.PODS
                && !ready.eni().primary()
                && !isReady.test(ready.eni().id())) {
            throw new Violation(
                    Invariant.ASSIGNED_IS_OWNED,
                    "the pool is told of " + ready.eni().id() + " before its link is set up");
        }
    }

    /// An answer arrives at the product.
    public void outcome(Effect.Request request, Message outcome) {
        limits.done(request);
        if (outcome instanceof Message.BlocksAdded added) {
            limits.tell(added.blocks());
        } else if (outcome instanceof Message.EniReady ready) {
            limits.tell(ready.eni().id());
            limits.tell(ready.blocks());
        }
        if (request instanceof Effect.Verify verify && outcome instanceof Message.Verified verified) {
            proofAsked.put(verify.eni(), verified.evidence().asked());
        }
    }

    public void abandoned(Effect.Request request) {
        limits.done(request);
    }

    /// A start told the product what EC2 listed.
    ///
    /// @param linked ENIs that the pool hears of
    public void startView(Instant asked, Map<EniId, Set<Cidr>> view, Set<EniId> linked) {
        linked.forEach(limits::tell);
        enis.startView(view.keySet(), asked);
        for (EniId eni : linked) {
            limits.tell(view.getOrDefault(eni, Set.of()));
            holders.told(view.getOrDefault(eni, Set.of()), asked);
        }
        holders.viewArrived(asked, view.values());
    }

    public void viewArrives(Instant asked, Map<EniId, Set<Cidr>> view) {
        ec2.enis().forEach(eni -> eni.viewArrived(asked));
        holders.viewArrived(asked, view.values());
    }

    // ---- the whole

    /// Looks at what the pool says of itself: costs one pass over its addresses.
    public void audit(PoolSnapshot snapshot, Coverage coverage) {
        Map<AttachmentKey, InetAddress> known = new HashMap<>();
        for (PoolSnapshot.AddressView view : snapshot.addresses()) {
            coverage.state(view.state());
            view.holder().ifPresent(holder -> known.put(holder.key(), holder.address()));
        }
        for (Assignment wired : kernel.wired().values()) {
            if (holders.of(wired.key()).isPresent() && !wired.address().equals(known.get(wired.key()))) {
                throw new Violation(
                        Invariant.ACKNOWLEDGED_SURVIVES,
                        wired.key().containerId() + " runs with "
                                + wired.address().getHostAddress() + " and the pool does not know it");
            }
        }
    }

    /// The world has been quiescent for long: who has what must be in order.
    public void requireNoLeak(PoolSnapshot snapshot, Instant now) {
        List<String> leaks = intents.leaks(now.minus(TIME_TO_FINISH));
        for (PoolSnapshot.AddressView view : snapshot.addresses()) {
            boolean used = view.state() == AddressState.ASSIGNED || view.state() == AddressState.DISPUTED;
            boolean mustBeHeld = view.holder().isPresent() || !blockIsHeld(view.address());
            if (used
                    && mustBeHeld
                    && view.holder()
                            .filter(a -> kernel.wiringOf(a.key()).isPresent())
                            .isEmpty()) {
                leaks.add(view.address().getHostAddress() + " is " + view.state() + " and no sandbox has it");
            }
        }
        Set<InetAddress> addresses = new HashSet<>();
        snapshot.addresses().forEach(view -> addresses.add(view.address()));
        Set<EniId> enis = new HashSet<>();
        snapshot.enis().forEach(counts -> enis.add(counts.eni().id()));
        for (SimulatedEni eni : ec2.enis()) {
            if (!enis.contains(eni.id())) {
                leaks.add(eni.id() + " is attached and the pool does not know it");
            }
            for (Cidr block : eni.blocks()) {
                if (eni.role() == EniRole.PODS && block.prefixBits() != 80 && !knows(addresses, block)) {
                    leaks.add(block + " is on " + eni.id() + " and the pool does not know it");
                }
            }
        }
        if (!leaks.isEmpty()) {
            throw new Violation(Invariant.NOTHING_LEAKS, leaks.getFirst() + " (" + leaks.size() + " in all)");
        }
    }

    /// Whether a sandbox has an address of the same prefix: it is kept whole for its sake.
    private boolean blockIsHeld(InetAddress address) {
        Cidr prefix = Cidr.containing(address, address.getAddress().length == 16 ? 80 : 28);
        return kernel.inUse().stream().anyMatch(prefix::contains);
    }

    private static boolean knows(Set<InetAddress> known, Cidr block) {
        return known.containsAll(SimulatedSubnet.addressesOf(block));
    }
}
