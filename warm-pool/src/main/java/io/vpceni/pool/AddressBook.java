package io.vpceni.pool;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/// Who has which address, and which blocks may be used. Every transition of a block or an address goes through
/// here, for here are the indexes that are sorted by state, and what has to outlive ipamd is written in the same place.
/// An impossible transition throws an [IllegalStateException] that names the object.
///
/// INVARIANT: an address that no sandbox has has no holder; a key holds at most one address; a block in quarantine or
/// leaving has no sandbox.
final class AddressBook {

    private final Duration cooldown;
    private final AddressSelection selection;
    private final BlockIndex index;
    private final Outbox out;

    /// Looked up, never walked through: nothing depends on its order.
    private final Map<AttachmentKey, PooledAddress> held = new HashMap<>();

    private final NavigableSet<PooledAddress> cooling = new TreeSet<>(PooledAddress.LONGEST_FREE);
    private final Disputes disputes = new Disputes();
    private long unexpectedAnswers;

    AddressBook(PoolSettings settings, BlockIndex index, Outbox out) {
        this.cooldown = settings.cooldown();
        this.selection = new AddressSelection(
                switch (settings.mode()) {
                    case ADDRESSES -> BlockKind.ADDRESS;
                    case PREFIXES -> BlockKind.PREFIX;
                    case IPV6 -> BlockKind.IPV6_PREFIX;
                });
        this.index = index;
        this.out = out;
    }

    /// From now on the ENI is there for something else. What sandboxes have on it stays theirs.
    void role(PooledEni eni, EniRole role) {
        List<Block> all = List.copyOf(eni.blocks().all());
        all.forEach(selection::takeOut);
        eni.role(role);
        all.forEach(selection::add); // each takes the ENI out of what is sorted by its sums, before they change
    }

    /// An ENI is gone with all that was on it.
    void remove(PooledEni eni, Instant now) {
        List.copyOf(eni.blocks().all()).forEach(block -> remove(block, now));
        index.remove(eni);
    }

    /// A block that EC2 has given. Only [BlockInsertion] calls this.
    ///
    /// @throws IllegalStateException when it is here already
    void insert(Block block) {
        index.insert(block);
        selection.add(block);
    }

    /// A block went back to EC2, or is gone. Nothing happens when it is not here any more.
    ///
    /// @throws IllegalStateException when a sandbox has an address of it
    void remove(Block block, Instant now) {
        if (!index.has(block)) {
            return;
        }
        if (block.assigned() > 0) {
            throw new IllegalStateException("cannot remove " + block.cidr() + ": a sandbox has an address of it");
        }
        block.addresses().stream()
                .filter(address -> address.use() == PooledAddress.Use.COOLING)
                .forEach(address -> disputes.cool(address.address(), address.freeSince()));
        takeAway(block, now);
        out.write(new JournalRecord.Unassigned(block.eni().id(), block.cidr(), now));
    }

    /// Takes a block out of all indexes, whoever has its addresses.
    void takeAway(Block block, Instant now) {
        selection.takeOut(block);
        block.removed(now);
        block.addresses().forEach(cooling::remove);
        index.remove(block);
        selection.sortIn(block.eni());
    }

    /// Gives the key the best free address: the mode's own kind of block first, then the fullest ENI, in it the
    /// fullest block, in that the address that has been free longest. Empty when nothing is free.
    ///
    /// @param ticket of the ADD
    Optional<Assignment> assignBest(long ticket, AttachmentKey key, PodName pod, Instant now) {
        return selection.first().map(block -> {
            PooledAddress best = block.best(now);
            Assignment claim =
                    new Assignment(key, pod, best.address(), block.eni().id());
            return assign(best, new Holding(claim, Optional.of(now), OptionalLong.of(ticket)), now);
        });
    }

    /// @throws IllegalStateException when another sandbox has the address
    Assignment assign(PooledAddress address, Holding claim, Instant now) {
        Holding holding = on(address, claim);
        change(address, () -> address.assign(holding, now));
        return assigned(address, holding, now);
    }

    private Assignment assigned(PooledAddress address, Holding holding, Instant now) {
        held.put(holding.key(), address);
        out.write(new JournalRecord.Assigned(holding.assignment(), now, holding.since(), holding.ticket()));
        return holding.assignment();
    }

    private Holding on(PooledAddress address, Holding claim) {
        Assignment assignment = claim.assignment();
        EniId eni = address.block().eni().id();
        if (!assignment.eni().equals(eni)) {
            unexpectedAnswers++; // the kernel and EC2 name different ENIs: EC2 knows better which ENI has the address
        }
        return new Holding(
                new Assignment(assignment.key(), assignment.pod(), address.address(), eni),
                claim.since(),
                claim.ticket());
    }

    Duration cooldown() {
        return cooldown;
    }

    /// The key gives its address back, which cools that long from now on. Empty when it had none.
    Optional<InetAddress> release(AttachmentKey key, Duration coolsFor, Instant now) {
        PooledAddress address = held.remove(key);
        Instant until = now.plus(coolsFor);
        if (address == null) {
            Optional<Assignment> claim = disputes.of(key).map(Holding::assignment);
            claim.ifPresent(c -> {
                disputes.settle(c);
                disputes.cool(c.address(), until);
                out.write(new JournalRecord.Released(key, c.address(), now, until));
            });
            return claim.map(Assignment::address);
        }
        out.write(new JournalRecord.Released(key, address.address(), now, until));
        Optional<Holding> otherClaim = disputes.first(address.address());
        if (otherClaim.isPresent()) {
            disputes.settle(otherClaim.get().assignment());
            Holding next = on(address, otherClaim.get());
            change(address, () -> address.reassign(next, now));
            assigned(address, next, now);
        } else if (coolsFor.isZero()) {
            change(address, () -> address.release(Optional.of(now), now));
        } else {
            change(address, () -> address.releaseToCool(until, now));
        }
        return Optional.of(address.address());
    }

    /// The key never had its address: its assignment could not be written.
    void takeBack(AttachmentKey key, Instant now) {
        PooledAddress address = held.remove(key);
        if (address != null) {
            change(address, () -> address.release(Optional.empty(), now));
        }
    }

    /// The kernel shows an address of ours on a link that the pool does not know.
    ///
    /// @throws IllegalStateException when a sandbox of the pool's has it
    void unknownHolder(PooledAddress address, Instant now) {
        change(address, () -> address.unknownHolder(now));
        EniId eni = address.block().eni().id();
        out.write(new JournalRecord.Disputed(address.address(), eni, Optional.empty(), now));
    }

    /// The unknown sandbox is gone: its address cools as after any other one.
    void unknownHolderLeft(PooledAddress address, Instant now) {
        out.write(new JournalRecord.DisputeResolved(address.address(), now));
        if (cooldown.isZero()) {
            change(address, () -> address.free(now));
        } else {
            cool(address, now.plus(cooldown), now);
        }
    }

    /// Ends the cooldowns that are over.
    void endCooldowns(Instant now) {
        while (!cooling.isEmpty() && !cooling.first().freeSince().isAfter(now)) {
            PooledAddress over = cooling.first();
            change(over, () -> over.free(now));
        }
        disputes.forgetEndedCooldowns(now);
    }

    /// @throws IllegalStateException when a sandbox has the address
    void cool(PooledAddress address, Instant until, Instant now) {
        change(address, () -> address.cool(until, now));
    }

    /// Every change of who uses an address: it is taken out of what is sorted by that, and put back.
    private void change(PooledAddress address, Runnable transition) {
        selection.takeOut(address.block());
        if (address.use() == PooledAddress.Use.COOLING) {
            cooling.remove(address);
        }
        transition.run();
        if (address.use() == PooledAddress.Use.COOLING) {
            cooling.add(address);
        }
        selection.putBack(address.block());
    }

    /// @throws IllegalStateException when the block is neither quarantined nor disputed
    void activate(Block block, Instant now) {
        change(block, () -> block.activate(now));
    }

    /// @throws IllegalStateException when a sandbox has an address of the block
    void quarantine(Block block, Instant verifyAt, boolean unverified, Instant now) {
        change(block, () -> block.quarantine(verifyAt, unverified, now));
    }

    /// EC2 is about to be asked to take the block back.
    ///
    /// @throws IllegalStateException when a sandbox has an address of it, or it is neither active nor quarantined
    void leave(Block block, Instant now) {
        change(block, () -> block.leave(now));
        out.write(new JournalRecord.Leaving(block.eni().id(), block.cidr(), now));
    }

    /// @param missing the view of EC2 that lacked it
    /// @throws IllegalStateException when EC2 is being asked to take it back
    void dispute(Block block, Instant missing, Instant now) {
        change(block, () -> block.dispute(missing, now));
    }

    /// A disputed block is as before.
    void resolveDispute(Block block, Instant now) {
        activate(block, now);
        out.write(new JournalRecord.DisputeResolved(block.cidr().network(), now));
        out.notice(PoolNotice.of(PoolNotice.Kind.DISPUTE_RESOLVED, "EC2 lists the block again: it is used as before")
                .with("block", block.cidr())
                .with("eni", block.eni().id()));
    }

    private void change(Block block, Runnable transition) {
        selection.takeOut(block);
        transition.run();
        selection.putBack(block);
    }

    /// What the key has, undisputed or not.
    Optional<Holding> holding(AttachmentKey key) {
        PooledAddress address = held.get(key);
        return address == null ? disputes.of(key) : address.holding();
    }

    /// An ADD of a sandbox that has an address already: a DEL that began before it does not take the address away.
    ///
    /// @return what the sandbox has
    Assignment repeated(long ticket, Holding has, Instant now) {
        if (has.isLaterThan(ticket)) {
            return has.assignment();
        }
        Holding later = has.withTicket(ticket);
        PooledAddress address = held.get(has.key());
        if (address == null) {
            disputes.add(later);
        } else {
            address.repeated(later);
        }
        out.write(new JournalRecord.Assigned(later.assignment(), now, later.since(), later.ticket()));
        return later.assignment();
    }

    Optional<PooledAddress> held(AttachmentKey key) {
        return Optional.ofNullable(held.get(key));
    }

    /// Sandboxes whose address EC2 does not list, or that another sandbox has too.
    Disputes disputes() {
        return disputes;
    }

    /// Addresses that sandboxes have and EC2 does not list, each counted once; without those of ENIs that are
    /// not for pods any more.
    long addressesOutsideBlocks() {
        return disputes.all().stream()
                .map(Holding::assignment)
                .filter(claim -> index.blockOf(claim.address()).isEmpty())
                .filter(claim ->
                        index.eni(claim.eni()).map(PooledEni::takesPods).orElse(true))
                .map(Assignment::address)
                .distinct()
                .count();
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
        return Collections.unmodifiableNavigableSet(cooling);
    }

    long unexpectedAnswers() {
        return unexpectedAnswers;
    }

    /// EC2 or the kernel said what cannot be true, and there is nothing more to say of it.
    void unexpectedAnswer() {
        unexpectedAnswers++;
    }

    /// EC2 or the kernel said what cannot be true.
    void unexpectedAnswer(PoolNotice notice) {
        unexpectedAnswers++;
        out.notice(notice);
    }
}
