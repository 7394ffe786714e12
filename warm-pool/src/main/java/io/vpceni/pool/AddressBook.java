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

    private final Duration cooldown;
    private final AddressSelection placement;
    private final Outbox out;
    private final NavigableMap<EniId, PooledEni> shelves = new TreeMap<>();
    private final NavigableMap<Cidr, Block> blocks = new TreeMap<>();

    /// Looked up, never walked through: nothing depends on its order.
    private final Map<AttachmentKey, PooledAddress> held = new HashMap<>();

    /// When each holder got its address, of those of whom it is known.
    private final Map<AttachmentKey, Instant> heldSince = new HashMap<>();

    private final NavigableSet<PooledAddress> cooling = new TreeSet<>(PooledAddress.LONGEST_RESTED);
    private final Disputes claims = new Disputes();
    private long contradictions;

    AddressBook(PoolSettings settings, Outbox out) {
        this.cooldown = settings.cooldown();
        this.placement = new AddressSelection(
                switch (settings.mode()) {
                    case ADDRESSES -> BlockKind.ADDRESS;
                    case PREFIXES -> BlockKind.PREFIX;
                    case IPV6 -> BlockKind.IPV6_PREFIX;
                });
        this.out = out;
    }

    /// Adds the ENI; one that is known stays as it is.
    PooledEni add(Eni eni, Instant now) {
        return shelves.computeIfAbsent(eni.id(), id -> new PooledEni(eni, now));
    }

    /// From now on the ENI is there for something else. What sandboxes have on it stays theirs.
    void role(PooledEni shelf, EniRole role) {
        List<Block> all = List.copyOf(shelf.blocks.values());
        all.forEach(placement::withdraw);
        shelf.role = role;
        all.forEach(placement::admit); // each takes the ENI out of what is sorted by its sums, before they change
    }

    /// Adds those that EC2 has just given and says how many were new. A block of another ENI moves; when a sandbox has
    /// an address of it that is a contradiction, and it stays. One that was disputed or on its way out is new, too.
    int add(PooledEni shelf, Collection<Cidr> listed, Instant now) {
        int added = 0;
        for (Cidr cidr : listed) {
            Block known = blocks.get(cidr);
            boolean moved = known != null && known.shelf != shelf && known.assigned + known.strangers == 0;
            if (moved || (known == null && !isInsideAnother(cidr, now))) {
                admit(new Block(cidr, shelf, now), now);
                added++;
            } else if (known == null || known.shelf != shelf) {
                contradiction(cidr + " was listed on " + shelf.eni.id() + ", and another block has it");
            } else if (standsAnew(known, now)) {
                added++;
            }
        }
        shelf.learnSlots();
        return added;
    }

    /// EC2 has just given a block that is known on the same ENI: it had gone meanwhile. What older views said of it,
    /// and what was to become of it, is over.
    ///
    /// @return whether that brings it back into use
    private boolean standsAnew(Block block, Instant now) {
        block.arrivedAt = now;
        return switch (block.standing) {
            case HERE, LEAVING -> false; // nothing was said of it; EC2 is being asked to take it
            case QUARANTINED -> {
                block.doubtful = false;
                out.write(new JournalRecord.Stayed(block.shelf.eni.id(), block.cidr, now));
                stand(block, Block.Standing.HERE, now);
                yield true;
            }
            case DISPUTED -> {
                block.doubtful = false;
                out.write(new JournalRecord.Stayed(block.shelf.eni.id(), block.cidr, now));
                agreed(block, now);
                yield true;
            }
        };
    }

    /// A disputed block is as before.
    void agreed(Block block, Instant now) {
        stand(block, Block.Standing.HERE, now);
        out.write(new JournalRecord.Agreed(block.cidr.network(), now));
        out.notice(PoolNotice.Kind.AGREED, block.cidr.network(), "EC2 lists " + block.cidr + " again");
    }

    /// Whether a wider block has this one, which EC2 has just given: the wider one is this node's no longer. It goes
    /// when no sandbox has an address of it, and is disputed otherwise.
    private boolean isInsideAnother(Cidr cidr, Instant now) {
        Optional<Block> found = blockOf(cidr.network()).filter(block -> block.cidr.prefixBits() < cidr.prefixBits());
        if (found.isEmpty()) {
            return false;
        }
        Block wider = found.get();
        if (wider.assigned + wider.strangers == 0) {
            remove(wider, now);
            return false;
        }
        if (wider.standing == Block.Standing.HERE) {
            wider.firstMissing = now;
            wider.lastMissing = now;
            stand(wider, Block.Standing.DISPUTED, now);
        }
        return true;
    }

    /// Blocks that the one contains which EC2 has just given: they are this node's no longer, and whoever uses an
    /// address of theirs has it from the new one.
    private List<PooledAddress> inheritedBy(Cidr cidr, Instant now) {
        List<Block> inside = blocks.tailMap(cidr, true).values().stream()
                .takeWhile(block -> cidr.contains(block.cidr.network()))
                .toList();
        List<PooledAddress> used = new ArrayList<>();
        for (Block block : inside) {
            block.addresses.values().stream()
                    .filter(address -> address.use != PooledAddress.Use.NOBODY)
                    .forEach(used::add);
            evict(block);
            out.write(new JournalRecord.Left(block.shelf.eni.id(), block.cidr, now));
        }
        return used;
    }

    private void inherit(PooledAddress old, Block heir, Instant now) {
        PooledAddress address = heir.address(old.address, now);
        switch (old.use) {
            case NOBODY -> {}
            case SANDBOX -> assign(address, old.holder.orElseThrow(), now);
            case RESTS -> cool(address, old.freeSince, now);
            case STRANGER -> strange(address, now);
        }
    }

    private void admit(Block block, Instant now) {
        List<PooledAddress> inherited = inheritedBy(block.cidr, now);
        blocks.put(block.cidr, block);
        block.shelf.blocks.put(block.cidr, block);
        placement.admit(block);
        inherited.forEach(old -> inherit(old, block, now));
        for (InetAddress rested : claims.restingIn(block.cidr)) {
            claims.restsUntil(rested, now).ifPresent(until -> cool(block.address(rested, now), until, now));
        }
        for (Assignment claim : claims.firstOfEach(block.cidr)) {
            if (block.address(claim.address(), now).use == PooledAddress.Use.SANDBOX) {
                continue; // another sandbox has it: the claim waits until that one goes
            }
            claims.settle(claim);
            assign(block.address(claim.address(), now), claim, now);
            out.write(new JournalRecord.Agreed(claim.address(), now));
            out.notice(
                    PoolNotice.Kind.AGREED, claim.address(), "EC2 lists the address of " + claim.pod() + " after all");
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
                .filter(address -> address.use == PooledAddress.Use.RESTS)
                .forEach(address -> claims.rest(address.address, address.freeSince));
        evict(block);
        out.write(new JournalRecord.Left(block.shelf.eni.id(), block.cidr, now));
    }

    private void evict(Block block) {
        placement.withdraw(block);
        block.standing = Block.Standing.LEAVING; // nobody that still knows it may use it
        block.addresses.values().forEach(cooling::remove);
        blocks.remove(block.cidr);
        block.shelf.blocks.remove(block.cidr);
        placement.seat(block.shelf);
    }

    /// An ENI is gone with all that was on it.
    void remove(PooledEni shelf, Instant now) {
        List.copyOf(shelf.blocks.values()).forEach(block -> remove(block, now));
        shelves.remove(shelf.eni.id());
    }

    /// A sandbox of before the restart. An address that EC2 did not list, or that another sandbox has, is disputed.
    ///
    /// @param since when it got the address, if that is known
    void restore(Assignment assignment, Optional<Instant> since, Instant now) {
        if (held.containsKey(assignment.key()) || claims.of(assignment.key()).isPresent()) {
            contradiction(assignment.key() + " was restored twice");
            return;
        }
        since.ifPresent(at -> heldSince.put(assignment.key(), at));
        Optional<Block> block = blockOf(assignment.address());
        PooledAddress address =
                block.map(b -> b.address(assignment.address(), now)).orElse(null);
        if (address == null || address.use == PooledAddress.Use.SANDBOX) {
            contradictions += address == null ? 0 : 1;
            claims.add(assignment);
            dispute(assignment, address == null ? "EC2 does not list it" : "another sandbox has it too", now);
            return;
        }
        if (block.get().standing != Block.Standing.HERE) {
            block.get().firstMissing = now;
            block.get().lastMissing = now;
            stand(block.get(), Block.Standing.DISPUTED, now); // it was to leave, and yet a sandbox has it
        }
        assign(address, assignment, now);
    }

    private void dispute(Assignment claim, String why, Instant now) {
        out.write(new JournalRecord.Assigned(claim, now, heldSince(claim)));
        out.write(new JournalRecord.Disputed(claim.address(), claim.eni(), Optional.of(claim.key()), now));
        out.notice(PoolNotice.Kind.DISPUTED, claim.address(), "Kept for " + claim.pod() + ": " + why);
    }

    /// An address that cooled before the restart.
    void restoreCooling(InetAddress address, Instant until, Instant now) {
        Optional<Block> block = blockOf(address);
        if (block.isEmpty()) {
            claims.rest(address, until);
        } else if (block.get().address(address, now).use == PooledAddress.Use.NOBODY && until.isAfter(now)) {
            cool(block.get().address(address, now), until, now);
        }
    }

    /// Gives the key the best free address: the mode's own kind of block first, then the fullest ENI, in it the fullest
    /// block, in that the address that has rested longest. Empty when nothing is free.
    Optional<Assignment> assignBest(AttachmentKey key, PodName pod, Instant now) {
        return placement.first().map(block -> {
            PooledAddress best = block.best(now);
            heldSince.put(key, now);
            return assign(best, new Assignment(key, pod, best.address, block.shelf.eni.id()), now);
        });
    }

    private Assignment assign(PooledAddress address, Assignment claim, Instant now) {
        EniId eni = address.block.shelf.eni.id();
        if (!claim.eni().equals(eni)) {
            contradictions++; // the kernel and EC2 name different ENIs: EC2 knows better where the address lives
        }
        Assignment assignment = new Assignment(claim.key(), claim.pod(), address.address, eni);
        change(address, PooledAddress.Use.SANDBOX, now);
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
    Optional<InetAddress> release(AttachmentKey key, Duration rest, Instant now) {
        PooledAddress address = held.remove(key);
        heldSince.remove(key);
        Instant until = now.plus(rest);
        if (address == null) {
            Optional<Assignment> claim = claims.of(key);
            claim.ifPresent(c -> {
                claims.settle(c);
                claims.rest(c.address(), until);
                out.write(new JournalRecord.Released(key, c.address(), now, until));
            });
            return claim.map(Assignment::address);
        }
        address.holder = Optional.empty();
        out.write(new JournalRecord.Released(key, address.address, now, until));
        Optional<Assignment> otherClaim = claims.first(address.address);
        if (otherClaim.isPresent()) {
            claims.settle(otherClaim.get());
            change(address, PooledAddress.Use.NOBODY, now);
            assign(address, otherClaim.get(), now);
        } else if (rest.isZero()) {
            address.freeSince = now;
            change(address, PooledAddress.Use.NOBODY, now);
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
            change(address, PooledAddress.Use.NOBODY, now);
        }
    }

    /// The kernel shows an address of ours on a link that the pool knows nothing of.
    void strange(PooledAddress address, Instant now) {
        change(address, PooledAddress.Use.STRANGER, now);
        EniId eni = address.block.shelf.eni.id();
        out.write(new JournalRecord.Disputed(address.address, eni, Optional.empty(), now));
    }

    /// The stranger has gone: the address rests as after any other sandbox.
    void strangerLeft(PooledAddress address, Instant now) {
        out.write(new JournalRecord.Agreed(address.address, now));
        if (cooldown.isZero()) {
            change(address, PooledAddress.Use.NOBODY, now);
        } else {
            cool(address, now.plus(cooldown), now);
        }
    }

    /// Ends the cooldowns that are over.
    void ripen(Instant now) {
        while (!cooling.isEmpty() && !cooling.first().freeSince.isAfter(now)) {
            change(cooling.first(), PooledAddress.Use.NOBODY, now);
        }
        claims.forgetRested(now);
    }

    private void cool(PooledAddress address, Instant until, Instant now) {
        change(address, PooledAddress.Use.RESTS, until, now);
    }

    /// Every change of what pods may do with a block.
    void stand(Block block, Block.Standing standing, Instant now) {
        placement.withdraw(block);
        block.standing = standing;
        block.standingSince = now;
        placement.enter(block);
    }

    private void change(PooledAddress address, PooledAddress.Use use, Instant now) {
        change(address, use, address.freeSince, now);
    }

    /// Every change of who uses an address.
    private void change(PooledAddress address, PooledAddress.Use use, Instant freeSince, Instant now) {
        Block block = address.block;
        placement.withdraw(block);
        switch (address.use) {
            case NOBODY -> block.free.remove(address);
            case SANDBOX -> block.assigned--;
            case RESTS -> {
                block.cooling--;
                cooling.remove(address);
            }
            case STRANGER -> block.strangers--;
        }
        address.freeSince = freeSince;
        address.use = use;
        address.since = now;
        switch (use) {
            case NOBODY -> block.rested(address);
            case SANDBOX -> block.assigned++;
            case RESTS -> {
                block.cooling++;
                cooling.add(address);
            }
            case STRANGER -> block.strangers++;
        }
        placement.enter(block);
    }

    Optional<Assignment> holding(AttachmentKey key) {
        PooledAddress address = held.get(key);
        return address == null ? claims.of(key) : address.holder;
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

    Optional<PooledEni> shelf(EniId id) {
        return Optional.ofNullable(shelves.get(id));
    }

    Collection<PooledEni> shelves() {
        return shelves.values();
    }

    Collection<Block> blocks() {
        return blocks.values();
    }

    /// Sandboxes whose address EC2 does not list, or that another sandbox has too.
    Collection<Assignment> claimed() {
        return claims.all();
    }

    /// Whether the block is of the kind that the mode prefers.
    boolean prefers(Block block) {
        return placement.prefers(block);
    }

    Totals totals() {
        return placement.totals();
    }

    /// Those that cool, the one that is free first in front.
    NavigableSet<PooledAddress> cooling() {
        return cooling;
    }

    long contradictions() {
        return contradictions;
    }

    /// Something from outside could not be true.
    void contradiction(String text) {
        contradictions++;
        out.notice(PoolNotice.Kind.CONTRADICTION, text);
    }

    /// ENIs in the order in which they are filled.
    List<PooledEni> shelvesAsPlugged() {
        return shelves.values().stream().sorted(PooledEni.AS_PLUGGED).toList();
    }
}
