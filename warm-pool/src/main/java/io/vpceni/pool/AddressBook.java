package io.vpceni.pool;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which addresses there are, on which ENI, in which state. Every change of state is a method here.
///
/// INVARIANT: an address that is neither assigned nor disputed has no holder; a key holds at most one address.
final class AddressBook {

    private final Duration cooldown;
    private final NavigableMap<EniId, EniShelf> shelves = new TreeMap<>();
    private final NavigableMap<InetAddress, PooledAddress> addresses = new TreeMap<>(PooledAddress.NUMERIC);
    private final NavigableMap<AttachmentKey, PooledAddress> held = new TreeMap<>();
    private final NavigableSet<EniShelf> withFree = new TreeSet<>(EniShelf.FULLEST_FIRST);
    private final NavigableSet<PooledAddress> cooling = new TreeSet<>(PooledAddress.LONGEST_RESTED);
    private final Disputes disputes = new Disputes();
    private int free;
    private long contradictions;

    AddressBook(Duration cooldown) {
        this.cooldown = cooldown;
    }

    /// Adds the ENI; one that is known stays as it is.
    EniShelf add(Eni eni) {
        return shelves.computeIfAbsent(eni.id(), id -> new EniShelf(eni));
    }

    /// Adds those that are new and says how many that were. An address of another ENI is a contradiction: ignored.
    int add(EniShelf shelf, List<InetAddress> listed, Instant now) {
        int added = 0;
        for (InetAddress address : listed) {
            PooledAddress known = addresses.get(address);
            if (known == null) {
                admit(new PooledAddress(address, shelf), now);
                added++;
            } else if (known.shelf != shelf) {
                contradictions++;
            }
        }
        shelf.addressesMax = Math.max(shelf.addressesMax, shelf.total());
        return added;
    }

    private void admit(PooledAddress arrived, Instant now) {
        addresses.put(arrived.address, arrived);
        Optional<Assignment> claim = disputes.settle(arrived.address);
        if (claim.isPresent()) {
            assign(arrived, claim.get());
            return;
        }
        Optional<Instant> restsUntil = disputes.restsUntil(arrived.address, now);
        if (restsUntil.isPresent()) {
            cool(arrived, restsUntil.get());
        } else {
            free(arrived);
        }
    }

    /// A sandbox of before the restart. An address that EC2 did not list, or that another sandbox has, is disputed.
    void restore(Assignment assignment) {
        if (held.containsKey(assignment.key()) || disputes.of(assignment.key()).isPresent()) {
            contradictions++;
            return;
        }
        PooledAddress address = addresses.get(assignment.address());
        if (address == null) {
            disputes.add(assignment);
            return;
        }
        switch (address.state) {
            case FREE, COOLING -> {
                leave(address);
                assign(address, assignment);
            }
            case ASSIGNED, DISPUTED -> {
                contradictions++;
                disputes.add(assignment);
            }
        }
    }

    /// Gives the key the best free address: see [EniShelf#FULLEST_FIRST] and [PooledAddress#LONGEST_RESTED].
    ///
    /// @throws IllegalStateException when nothing is free
    Assignment assignBest(AttachmentKey key, PodName pod) {
        if (withFree.isEmpty()) {
            throw new IllegalStateException("nothing is free for " + key);
        }
        PooledAddress best = withFree.first().free.first();
        leave(best);
        return assign(best, new Assignment(key, pod, best.address, best.shelf.eni.id()));
    }

    /// The key gives its address back, which cools from now on. Nothing happens when it has none.
    void release(AttachmentKey key, Instant now) {
        PooledAddress address = held.remove(key);
        if (address == null) {
            disputes.release(key, now.plus(cooldown));
            return;
        }
        unseat(address);
        Optional<Assignment> otherClaim = disputes.settle(address.address);
        if (otherClaim.isPresent()) {
            assign(address, otherClaim.get());
        } else if (cooldown.isZero()) {
            address.freeSince = now;
            free(address);
        } else {
            cool(address, now.plus(cooldown));
        }
    }

    /// Ends the cooldowns that are over.
    void ripen(Instant now) {
        while (!cooling.isEmpty() && !cooling.first().freeSince.isAfter(now)) {
            PooledAddress rested = cooling.first();
            leave(rested);
            free(rested);
        }
        disputes.forgetRested(now);
    }

    Optional<Assignment> holding(AttachmentKey key) {
        PooledAddress address = held.get(key);
        return address == null ? disputes.of(key) : address.holder;
    }

    Optional<EniShelf> shelf(EniId id) {
        return Optional.ofNullable(shelves.get(id));
    }

    Collection<EniShelf> shelves() {
        return shelves.values();
    }

    Collection<PooledAddress> addresses() {
        return addresses.values();
    }

    Collection<Assignment> disputed() {
        return disputes.all();
    }

    /// Addresses that the next ADD could have.
    int assignable() {
        return free;
    }

    int total() {
        return addresses.size();
    }

    /// Those that cool, the one that is free first in front.
    NavigableSet<PooledAddress> cooling() {
        return cooling;
    }

    long contradictions() {
        return contradictions;
    }

    /// Something from outside could not be true.
    void noteContradiction() {
        contradictions++;
    }

    private Assignment assign(PooledAddress address, Assignment claim) {
        EniShelf shelf = address.shelf;
        if (!claim.eni().equals(shelf.eni.id())) {
            contradictions++; // the kernel and EC2 name different ENIs: EC2 knows better where the address lives
        }
        Assignment assignment = new Assignment(claim.key(), claim.pod(), address.address, shelf.eni.id());
        address.state = AddressState.ASSIGNED;
        address.holder = Optional.of(assignment);
        held.put(assignment.key(), address);
        reseat(shelf, () -> shelf.assigned++);
        return assignment;
    }

    private void unseat(PooledAddress address) {
        address.holder = Optional.empty();
        reseat(address.shelf, () -> address.shelf.assigned--);
    }

    private void free(PooledAddress address) {
        address.state = AddressState.FREE;
        free++;
        reseat(address.shelf, () -> address.shelf.free.add(address));
    }

    private void cool(PooledAddress address, Instant until) {
        address.state = AddressState.COOLING;
        address.freeSince = until;
        address.shelf.cooling++;
        cooling.add(address);
    }

    /// Takes an address out of the free or the cooling ones.
    private void leave(PooledAddress address) {
        EniShelf shelf = address.shelf;
        switch (address.state) {
            case FREE -> {
                free--;
                reseat(shelf, () -> shelf.free.remove(address));
            }
            case COOLING -> {
                shelf.cooling--;
                cooling.remove(address);
            }
            case ASSIGNED, DISPUTED ->
                throw new IllegalStateException(address.address.getHostAddress() + " is " + address.state);
        }
    }

    /// Changes what [EniShelf#FULLEST_FIRST] looks at, with the shelf out of the sorted set meanwhile.
    private void reseat(EniShelf shelf, Runnable change) {
        withFree.remove(shelf);
        change.run();
        if (!shelf.free.isEmpty()) {
            withFree.add(shelf);
        }
    }

    /// ENIs in the order in which they are filled.
    List<EniShelf> shelvesAsPlugged() {
        return shelves.values().stream().sorted(EniShelf.AS_PLUGGED).toList();
    }
}
