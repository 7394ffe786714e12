package io.vpceni.pool;

import io.vpceni.config.Cidr;
import io.vpceni.config.PoolSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which addresses there are, on which ENI, in which state. Every change of state is a method here, and what has to
/// outlive ipamd is written in the same place.
///
/// INVARIANT: an address that no sandbox has has no holder; a key holds at most one address; a block in quarantine or
/// leaving has no sandbox.
final class AddressBook {

    private static final String NOT_LISTED =
            "EC2 does not list the address of a running pod: the pod keeps it, nobody else gets it";
    private static final String TWO_SANDBOXES =
            "Two running pods have the same address: both keep it, nobody else gets it; delete one of them";

    private final Duration cooldown;
    private final AddressSelection selection;
    private final Outbox out;
    private final NavigableMap<EniId, PooledEni> enis = new TreeMap<>();
    private final NavigableMap<Cidr, Block> blocks = new TreeMap<>();

    /// Looked up, never walked through: nothing depends on its order.
    private final Map<AttachmentKey, PooledAddress> held = new HashMap<>();

    /// When each holder got its address, of those of whom it is known.
    private final Map<AttachmentKey, Instant> heldSince = new HashMap<>();

    private final NavigableSet<PooledAddress> cooling = new TreeSet<>(PooledAddress.LONGEST_FREE);
    private final Disputes disputes = new Disputes();
    private long unexpectedAnswers;

    AddressBook(PoolSettings settings, Outbox out) {
        this.cooldown = settings.cooldown();
        this.selection = new AddressSelection(
                switch (settings.mode()) {
                    case ADDRESSES -> BlockKind.ADDRESS;
                    case PREFIXES -> BlockKind.PREFIX;
                    case IPV6 -> BlockKind.IPV6_PREFIX;
                });
        this.out = out;
    }

    /// Adds the ENI; one that is known stays as it is.
    PooledEni add(Eni eni, Instant now) {
        return enis.computeIfAbsent(eni.id(), id -> new PooledEni(eni, now));
    }

    /// From now on the ENI is there for something else. What sandboxes have on it stays theirs.
    void role(PooledEni eni, EniRole role) {
        List<Block> all = List.copyOf(eni.blocks.values());
        all.forEach(selection::takeOut);
        eni.role = role;
        all.forEach(selection::add); // each takes the ENI out of what is sorted by its sums, before they change
    }

    /// Adds those that EC2 has just given and says how many were new. A block of another ENI moves; when a
    /// sandbox has an address of it that is a contradiction, and it stays. One that was disputed or on its way
    /// out is new, too.
    int add(PooledEni eni, Collection<Cidr> listed, Instant now) {
        int added = 0;
        for (Cidr cidr : listed) {
            Block known = blocks.get(cidr);
            boolean moved = known != null && known.eni != eni && known.assigned + known.unknownHolders == 0;
            if (moved || (known == null && !isInsideAnother(cidr, now))) {
                add(new Block(cidr, eni, now), now);
                added++;
            } else if (known == null || known.eni != eni) {
                unexpectedAnswer(PoolNotice.of(
                                PoolNotice.Kind.UNEXPECTED_ANSWER,
                                "EC2 named a block that overlaps a block in use: the new one is ignored")
                        .with("block", cidr)
                        .with("eni", eni.id()));
            } else if (returnsToUse(known, now)) {
                added++;
            }
        }
        eni.learnSlots();
        return added;
    }

    /// EC2 has just given a block that is known on the same ENI: it had gone meanwhile. What older views said
    /// of it, and what was to become of it, is over.
    ///
    /// @return whether that brings it back into use
    private boolean returnsToUse(Block block, Instant now) {
        block.arrivedAt = now;
        return switch (block.state) {
            case ACTIVE, LEAVING -> false; // nothing was said of it; EC2 is being asked to take it
            case QUARANTINED -> {
                block.unverified = false;
                out.write(new JournalRecord.UnassignFailed(block.eni.id(), block.cidr, now));
                changeState(block, Block.State.ACTIVE, now);
                yield true;
            }
            case DISPUTED -> {
                block.unverified = false;
                out.write(new JournalRecord.UnassignFailed(block.eni.id(), block.cidr, now));
                resolveDispute(block, now);
                yield true;
            }
        };
    }

    /// A disputed block is as before.
    void resolveDispute(Block block, Instant now) {
        changeState(block, Block.State.ACTIVE, now);
        out.write(new JournalRecord.DisputeResolved(block.cidr.network(), now));
        out.notice(PoolNotice.of(PoolNotice.Kind.DISPUTE_RESOLVED, "EC2 lists the block again: it is used as before")
                .with("block", block.cidr)
                .with("eni", block.eni.id()));
    }

    /// Whether a wider block has this one, which EC2 has just given: the wider one is this node's no longer. It
    /// goes when no sandbox has an address of it, and is disputed otherwise.
    private boolean isInsideAnother(Cidr cidr, Instant now) {
        Optional<Block> found = blockOf(cidr.network()).filter(block -> block.cidr.prefixBits() < cidr.prefixBits());
        if (found.isEmpty()) {
            return false;
        }
        Block wider = found.get();
        if (wider.assigned + wider.unknownHolders == 0) {
            remove(wider, now);
            return false;
        }
        if (wider.state == Block.State.ACTIVE) {
            wider.firstMissing = now;
            wider.lastMissing = now;
            changeState(wider, Block.State.DISPUTED, now);
        }
        return true;
    }

    /// Blocks that the one contains which EC2 has just given: they are this node's no longer, and whoever uses an
    /// address of theirs has it from the new one.
    private List<PooledAddress> absorbedBy(Cidr cidr, Instant now) {
        List<Block> inside = blocks.tailMap(cidr, true).values().stream()
                .takeWhile(block -> cidr.contains(block.cidr.network()))
                .toList();
        List<PooledAddress> used = new ArrayList<>();
        for (Block block : inside) {
            block.addresses.values().stream()
                    .filter(address -> address.use != PooledAddress.Use.FREE)
                    .forEach(used::add);
            takeAway(block);
            out.write(new JournalRecord.Unassigned(block.eni.id(), block.cidr, now));
        }
        return used;
    }

    private void absorb(PooledAddress old, Block replacement, Instant now) {
        PooledAddress address = replacement.address(old.address, now);
        switch (old.use) {
            case FREE -> {}
            case ASSIGNED -> assign(address, old.holder.orElseThrow(), now);
            case COOLING -> cool(address, old.freeSince, now);
            case UNKNOWN_HOLDER -> unknownHolder(address, now);
        }
    }

    private void add(Block block, Instant now) {
        List<PooledAddress> absorbed = absorbedBy(block.cidr, now);
        blocks.put(block.cidr, block);
        block.eni.blocks.put(block.cidr, block);
        selection.add(block);
        absorbed.forEach(old -> absorb(old, block, now));
        for (InetAddress free : disputes.coolingIn(block.cidr)) {
            disputes.takeCooldown(free, now).ifPresent(until -> cool(block.address(free, now), until, now));
        }
        for (Assignment claim : disputes.firstOfEach(block.cidr)) {
            if (block.address(claim.address(), now).use == PooledAddress.Use.ASSIGNED) {
                continue; // another sandbox has it: the claim waits until that one goes
            }
            disputes.settle(claim);
            assign(block.address(claim.address(), now), claim, now);
            out.write(new JournalRecord.DisputeResolved(claim.address(), now));
            out.notice(PoolNotice.of(
                            PoolNotice.Kind.DISPUTE_RESOLVED,
                            "EC2 lists the address of a running pod after all: the pod has it undisputed")
                    .with("address", claim.address().getHostAddress())
                    .with("pod", claim.pod()));
        }
    }

    /// A block went back to EC2, or is gone. Nothing happens when it is not here any more.
    ///
    /// @throws IllegalStateException when a sandbox has an address of it
    void remove(Block block, Instant now) {
        if (!has(block)) {
            return;
        }
        if (block.assigned > 0) {
            throw new IllegalStateException("a sandbox has an address of " + block.cidr);
        }
        block.addresses.values().stream()
                .filter(address -> address.use == PooledAddress.Use.COOLING)
                .forEach(address -> disputes.cool(address.address, address.freeSince));
        takeAway(block);
        out.write(new JournalRecord.Unassigned(block.eni.id(), block.cidr, now));
    }

    private void takeAway(Block block) {
        selection.takeOut(block);
        block.state = Block.State.LEAVING; // nobody that still knows it may use it
        block.addresses.values().forEach(cooling::remove);
        blocks.remove(block.cidr);
        block.eni.blocks.remove(block.cidr);
        selection.sortIn(block.eni);
    }

    /// An ENI is gone with all that was on it.
    void remove(PooledEni eni, Instant now) {
        List.copyOf(eni.blocks.values()).forEach(block -> remove(block, now));
        enis.remove(eni.id());
    }

    /// A sandbox of before the restart. An address that EC2 did not list, or that another sandbox has, is disputed.
    ///
    /// @param since when it got the address, if that is known
    void restore(Assignment assignment, Optional<Instant> since, Instant now) {
        if (held.containsKey(assignment.key()) || disputes.of(assignment.key()).isPresent()) {
            unexpectedAnswer(PoolNotice.of(
                            PoolNotice.Kind.UNEXPECTED_ANSWER,
                            "A sandbox was restored twice: the second time is ignored")
                    .with("key", assignment.key()));
            return;
        }
        since.ifPresent(at -> heldSince.put(assignment.key(), at));
        Optional<Block> block = blockOf(assignment.address());
        PooledAddress address =
                block.map(b -> b.address(assignment.address(), now)).orElse(null);
        if (address == null || address.use == PooledAddress.Use.ASSIGNED) {
            unexpectedAnswers += address == null ? 0 : 1;
            disputes.add(assignment);
            dispute(assignment, address == null ? NOT_LISTED : TWO_SANDBOXES, now);
            return;
        }
        if (block.get().state != Block.State.ACTIVE) {
            block.get().firstMissing = now;
            block.get().lastMissing = now;
            changeState(block.get(), Block.State.DISPUTED, now); // it was to leave, and yet a sandbox has it
        }
        assign(address, assignment, now);
    }

    private void dispute(Assignment claim, String why, Instant now) {
        out.write(new JournalRecord.Assigned(claim, now, heldSince(claim)));
        out.write(new JournalRecord.Disputed(claim.address(), claim.eni(), Optional.of(claim.key()), now));
        out.notice(PoolNotice.of(PoolNotice.Kind.DISPUTED, why)
                .with("address", claim.address().getHostAddress())
                .with("pod", claim.pod())
                .with("eni", claim.eni()));
    }

    /// An address that cooled before the restart.
    void restoreCooling(InetAddress address, Instant until, Instant now) {
        Optional<Block> block = blockOf(address);
        if (block.isEmpty()) {
            disputes.cool(address, until);
        } else if (block.get().address(address, now).use == PooledAddress.Use.FREE && until.isAfter(now)) {
            cool(block.get().address(address, now), until, now);
        }
    }

    /// Gives the key the best free address: the mode's own kind of block first, then the fullest ENI, in it the
    /// fullest block, in that the address that has rested longest. Empty when nothing is free.
    Optional<Assignment> assignBest(AttachmentKey key, PodName pod, Instant now) {
        return selection.first().map(block -> {
            PooledAddress best = block.best(now);
            heldSince.put(key, now);
            return assign(best, new Assignment(key, pod, best.address, block.eni.id()), now);
        });
    }

    private Assignment assign(PooledAddress address, Assignment claim, Instant now) {
        EniId eni = address.block.eni.id();
        if (!claim.eni().equals(eni)) {
            unexpectedAnswers++; // the kernel and EC2 name different ENIs: EC2 knows better where the address lives
        }
        Assignment assignment = new Assignment(claim.key(), claim.pod(), address.address, eni);
        change(address, PooledAddress.Use.ASSIGNED, now);
        address.holder = Optional.of(assignment);
        address.absentSince = null;
        held.put(assignment.key(), address);
        out.write(new JournalRecord.Assigned(assignment, now, heldSince(assignment)));
        return assignment;
    }

    /// When the sandbox got its address; empty: before ipamd started, and nothing tells when.
    Optional<Instant> heldSince(Assignment assignment) {
        return Optional.ofNullable(heldSince.get(assignment.key()));
    }

    Duration cooldown() {
        return cooldown;
    }

    /// The key gives its address back, which rests that long from now on. Empty when it had none.
    Optional<InetAddress> release(AttachmentKey key, Duration cooldown, Instant now) {
        PooledAddress address = held.remove(key);
        heldSince.remove(key);
        Instant until = now.plus(cooldown);
        if (address == null) {
            Optional<Assignment> claim = disputes.of(key);
            claim.ifPresent(c -> {
                disputes.settle(c);
                disputes.cool(c.address(), until);
                out.write(new JournalRecord.Released(key, c.address(), now, until));
            });
            return claim.map(Assignment::address);
        }
        address.holder = Optional.empty();
        out.write(new JournalRecord.Released(key, address.address, now, until));
        Optional<Assignment> otherClaim = disputes.first(address.address);
        if (otherClaim.isPresent()) {
            disputes.settle(otherClaim.get());
            change(address, PooledAddress.Use.FREE, now);
            assign(address, otherClaim.get(), now);
        } else if (cooldown.isZero()) {
            address.freeSince = now;
            change(address, PooledAddress.Use.FREE, now);
        } else {
            cool(address, until, now);
        }
        return Optional.of(address.address);
    }

    /// The key never had its address: its assignment could not be written.
    void takeBack(AttachmentKey key, Instant now) {
        PooledAddress address = held.remove(key);
        heldSince.remove(key);
        if (address != null) {
            address.holder = Optional.empty();
            change(address, PooledAddress.Use.FREE, now);
        }
    }

    /// The kernel shows an address of ours on a link that the pool knows nothing of.
    void unknownHolder(PooledAddress address, Instant now) {
        change(address, PooledAddress.Use.UNKNOWN_HOLDER, now);
        EniId eni = address.block.eni.id();
        out.write(new JournalRecord.Disputed(address.address, eni, Optional.empty(), now));
    }

    /// The stranger has gone: the address rests as after any other sandbox.
    void unknownHolderLeft(PooledAddress address, Instant now) {
        out.write(new JournalRecord.DisputeResolved(address.address, now));
        if (cooldown.isZero()) {
            change(address, PooledAddress.Use.FREE, now);
        } else {
            cool(address, now.plus(cooldown), now);
        }
    }

    /// Ends the cooldowns that are over.
    void endCooldowns(Instant now) {
        while (!cooling.isEmpty() && !cooling.first().freeSince.isAfter(now)) {
            change(cooling.first(), PooledAddress.Use.FREE, now);
        }
        disputes.forgetEndedCooldowns(now);
    }

    private void cool(PooledAddress address, Instant until, Instant now) {
        change(address, PooledAddress.Use.COOLING, until, now);
    }

    /// Every change of what pods may do with a block.
    void changeState(Block block, Block.State state, Instant now) {
        selection.takeOut(block);
        block.state = state;
        block.stateSince = now;
        selection.putBack(block);
    }

    private void change(PooledAddress address, PooledAddress.Use use, Instant now) {
        change(address, use, address.freeSince, now);
    }

    /// Every change of who uses an address.
    private void change(PooledAddress address, PooledAddress.Use use, Instant freeSince, Instant now) {
        Block block = address.block;
        selection.takeOut(block);
        switch (address.use) {
            case FREE -> block.free.remove(address);
            case ASSIGNED -> block.assigned--;
            case COOLING -> {
                block.cooling--;
                cooling.remove(address);
            }
            case UNKNOWN_HOLDER -> block.unknownHolders--;
        }
        address.freeSince = freeSince;
        address.use = use;
        address.since = now;
        switch (use) {
            case FREE -> block.free(address);
            case ASSIGNED -> block.assigned++;
            case COOLING -> {
                block.cooling++;
                cooling.add(address);
            }
            case UNKNOWN_HOLDER -> block.unknownHolders++;
        }
        selection.putBack(block);
    }

    Optional<Assignment> holding(AttachmentKey key) {
        PooledAddress address = held.get(key);
        return address == null ? disputes.of(key) : address.holder;
    }

    Optional<PooledAddress> held(AttachmentKey key) {
        return Optional.ofNullable(held.get(key));
    }

    /// The block that an address is in.
    Optional<Block> blockOf(InetAddress address) {
        for (BlockKind kind : BlockKind.values()) {
            if (kind.prefixBits() <= 8 * address.getAddress().length) {
                Block block = blocks.get(Cidr.containing(address, kind.prefixBits()));
                if (block != null) {
                    return Optional.of(block);
                }
            }
        }
        return Optional.empty();
    }

    Optional<Block> block(Cidr cidr) {
        return Optional.ofNullable(blocks.get(cidr));
    }

    /// Whether the block is here still.
    boolean has(Block block) {
        return blocks.get(block.cidr) == block;
    }

    Optional<PooledEni> eni(EniId id) {
        return Optional.ofNullable(enis.get(id));
    }

    Collection<PooledEni> enis() {
        return enis.values();
    }

    Collection<Block> blocks() {
        return blocks.values();
    }

    /// Sandboxes whose address EC2 does not list, or that another sandbox has too.
    Collection<Assignment> claimed() {
        return disputes.all();
    }

    /// Whether the block is of the kind that the mode prefers.
    boolean prefers(Block block) {
        return selection.prefers(block);
    }

    Totals totals() {
        return selection.totals();
    }

    /// Those that cool, the one that is free first in front.
    NavigableSet<PooledAddress> cooling() {
        return cooling;
    }

    long unexpectedAnswers() {
        return unexpectedAnswers;
    }

    /// Something from outside could not be true.
    void unexpectedAnswer(PoolNotice notice) {
        unexpectedAnswers++;
        out.notice(notice);
    }

    /// ENIs in the order in which they are filled.
    List<PooledEni> enisByDeviceIndex() {
        return enis.values().stream().sorted(PooledEni.BY_DEVICE_INDEX).toList();
    }
}
