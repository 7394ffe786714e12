package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Compares what the pool knows with what EC2 and the kernel show from time to time.
///
/// A view alone proves nothing at once: what one view lacks is disputed, which takes it out of use and from nobody. It
/// heals when a later view has it again; it goes only when two views that lie further apart than [Lag#MAX] lack it and
/// the kernel has no sandbox for it.
final class Reconciler {

    /// An ADD takes less than this from its address to its link: container runtimes end a plugin after two minutes.
    /// A sandbox that no look has shown yet may still be on its way.
    static final Duration WIRING_MAX = Duration.ofMinutes(2);

    /// A sandbox is gone when looks this far apart do not show it: longer than wiring one anew takes, and shorter than
    /// the minute between two looks, so that the second one decides.
    static final Duration ABSENCE = Duration.ofSeconds(45);

    private final AddressBook book;
    private final Predicate<AttachmentKey> releasing;
    private final RecentlyUnassigned departures;
    private final Outbox out;

    /// Blocks that EC2 lists and the pool does not know, with the view that showed them first.
    private final NavigableMap<Cidr, Instant> sightings = new TreeMap<>();

    /// Disputed sandboxes that the kernel does not show, with the look that missed them first.
    private final NavigableMap<AttachmentKey, Instant> absentClaims = new TreeMap<>();

    private Instant latestEc2 = Instant.MIN;
    private Message.KernelView kernel = new Message.KernelView(Instant.MIN, Map.of());

    /// @param releasing keys whose DEL is under way
    Reconciler(AddressBook book, Predicate<AttachmentKey> releasing, RecentlyUnassigned departures, Outbox out) {
        this.book = book;
        this.releasing = releasing;
        this.departures = departures;
        this.out = out;
    }

    /// Takes in what EC2 lists. An answer that an earlier question overtook is ignored.
    void ec2(Message.Ec2View view, Instant now) {
        if (view.asked().isBefore(latestEc2)) {
            return;
        }
        latestEc2 = view.asked();
        for (PooledEni shelf : List.copyOf(book.shelves())) {
            boolean attached = view.blocks().containsKey(shelf.eni.id());
            Set<Cidr> listed = view.blocks().getOrDefault(shelf.eni.id(), Set.of());
            for (Block block : List.copyOf(shelf.blocks.values())) {
                if (listed.contains(block.cidr)) {
                    seen(block, view.asked(), now);
                } else {
                    missing(block, view.asked(), now);
                }
            }
            if (attached) {
                shelf.missingSince = null;
                shelf.detached = false;
                shelf.forgetRefusal(now);
                meetStrangers(shelf, listed, view.asked(), now);
            } else {
                forgetGone(shelf, view.asked(), now);
            }
        }
        sightings.keySet().removeIf(cidr -> view.blocks().values().stream().noneMatch(on -> on.contains(cidr)));
    }

    private void seen(Block block, Instant asked, Instant now) {
        if (block.standing == Block.Standing.DISPUTED && asked.isAfter(block.lastMissing.plus(Lag.MAX))) {
            book.agreed(block, now);
        }
    }

    /// EC2 was asked and does not list the block.
    void missing(Block block, Instant asked, Instant now) {
        if (block.arrivedAt.plus(Lag.MAX).isAfter(asked)) {
            return; // too new to show in every view
        }
        switch (block.standing) {
            case LEAVING -> block.unlistedWhileLeaving = true;
            case HERE, QUARANTINED -> dispute(block, asked, now);
            case DISPUTED -> {
                block.lastMissing = asked.isAfter(block.lastMissing) ? asked : block.lastMissing;
                boolean twice = asked.isAfter(block.firstMissing.plus(Lag.MAX));
                if (twice && block.assigned + block.cooling + block.strangers == 0 && kernelHasNone(block)) {
                    departures.note(block.cidr, now);
                    book.remove(block, now);
                    out.notice(
                            PoolNotice.Kind.GONE,
                            block.cidr.network(),
                            "EC2 does not list " + block.cidr + " on " + block.shelf.eni.id()
                                    + " and no sandbox has it: it is not this node's any more");
                }
            }
        }
    }

    private void dispute(Block block, Instant asked, Instant now) {
        EniId eni = block.shelf.eni.id();
        block.firstMissing = asked;
        block.lastMissing = asked;
        block.shelf.goingWhole = false;
        book.stand(block, Block.Standing.DISPUTED, now);
        List<Assignment> holders = block.addresses.values().stream()
                .flatMap(address -> address.holder.stream())
                .toList();
        holders.forEach(
                holder -> out.write(new JournalRecord.Disputed(holder.address(), eni, Optional.of(holder.key()), now)));
        String who = holders.isEmpty()
                ? "nobody has it"
                : "kept for " + holders.getFirst().pod();
        out.notice(
                PoolNotice.Kind.DISPUTED,
                block.cidr.network(),
                "EC2 does not list " + block.cidr + " on " + eni + ": " + who);
    }

    private boolean kernelHasNone(Block block) {
        return kernel.asked().isAfter(block.firstMissing)
                && kernel.held().keySet().stream().noneMatch(block.cidr::contains);
    }

    /// Blocks that EC2 lists and the pool does not know: the answer of a call was lost, or somebody else assigned them.
    private void meetStrangers(PooledEni shelf, Set<Cidr> listed, Instant asked, Instant now) {
        shelf.unknownBlocks = 0;
        if (shelf.pendingBlocks > 0 || !shelf.takesPods() || shelf.removing) {
            return; // an answer that is on its way may name them, or they go with their ENI
        }
        for (Cidr cidr : listed.stream().sorted().toList()) {
            if (shelf.blocks.containsKey(cidr) || departures.mayHaunt(cidr, asked)) {
                continue;
            }
            shelf.unknownBlocks++;
            Instant first = sightings.putIfAbsent(cidr, asked);
            if (first != null && asked.isAfter(first.plus(Lag.MAX))) {
                sightings.remove(cidr);
                shelf.unknownBlocks -= book.add(shelf, Set.of(cidr), now);
                Optional.ofNullable(shelf.blocks.get(cidr)).ifPresent(block -> markHeld(block, now));
            }
        }
    }

    private void markHeld(Block block, Instant now) {
        kernel.held().keySet().stream()
                .filter(block.cidr::contains)
                .sorted(PooledAddress.NUMERIC)
                .forEach(held -> {
                    PooledAddress address = block.address(held, now);
                    if (address.use == PooledAddress.Use.NOBODY) {
                        strange(address, now);
                    }
                });
    }

    private void forgetGone(PooledEni shelf, Instant asked, Instant now) {
        if (shelf.missingSince == null) {
            shelf.missingSince = asked;
        }
        boolean twice = asked.isAfter(shelf.missingSince.plus(Lag.MAX));
        if (twice && shelf.blocks.isEmpty() && !shelf.eni.primary() && !shelf.busy) {
            book.remove(shelf, now);
            out.notice(PoolNotice.Kind.GONE, shelf.eni.id() + " is not attached to this node any more");
        }
    }

    /// The kernel shows the address on a link that the pool knows nothing of.
    void strange(PooledAddress address, Instant now) {
        book.strange(address, now);
        out.notice(
                PoolNotice.Kind.DISPUTED, address.address, "A sandbox that ipamd does not know has " + address.address);
    }

    /// Takes in which sandboxes the kernel has.
    void kernel(Message.KernelView view, Instant now) {
        if (view.asked().isBefore(kernel.asked())) {
            return;
        }
        kernel = view;
        for (Block block : List.copyOf(book.blocks())) {
            for (PooledAddress address : List.copyOf(block.addresses.values())) {
                compare(address, view, now);
            }
        }
        compareClaims(view, now);
    }

    private void compare(PooledAddress address, Message.KernelView view, Instant now) {
        AttachmentKey shown = view.held().get(address.address);
        switch (address.use) {
            case SANDBOX -> {
                Assignment holder = address.holder.orElseThrow();
                if (holder.key().equals(shown)) {
                    address.absentSince = null;
                    address.shownAt = view.asked();
                } else if (shown == null && isWired(address, view.asked())) {
                    absent(address, holder, view.asked(), now);
                }
            }
            case NOBODY, RESTS -> {
                if (shown != null && address.since.plus(Lag.MAX).isBefore(view.asked())) {
                    strange(address, now);
                }
            }
            case STRANGER -> {
                if (shown == null) {
                    book.strangerLeft(address, now);
                    out.notice(PoolNotice.Kind.AGREED, address.address, "The unknown sandbox is gone");
                }
            }
        }
    }

    /// Whether its ADD came to an end by then, as far as looks can tell.
    private static boolean isWired(PooledAddress address, Instant asked) {
        boolean shown = address.shownAt != null && address.shownAt.isAfter(address.since);
        return shown || address.since.plus(WIRING_MAX).isBefore(asked);
    }

    private void absent(PooledAddress address, Assignment holder, Instant asked, Instant now) {
        if (releasing.test(holder.key())) {
            return; // its DEL came, and ends with a release
        }
        if (address.absentSince == null) {
            address.absentSince = asked;
        } else if (asked.isAfter(address.absentSince.plus(ABSENCE))) {
            delWasLost(holder, now);
        }
    }

    private void compareClaims(Message.KernelView view, Instant now) {
        for (Assignment claim : List.copyOf(book.claimed())) {
            if (view.held().containsKey(claim.address()) || releasing.test(claim.key())) {
                absentClaims.remove(claim.key());
            } else {
                Instant first = absentClaims.putIfAbsent(claim.key(), view.asked());
                if (first != null && view.asked().isAfter(first.plus(ABSENCE))) {
                    delWasLost(claim, now);
                }
            }
        }
        absentClaims
                .keySet()
                .removeIf(key -> book.held(key).isPresent() || book.holding(key).isEmpty());
    }

    private void delWasLost(Assignment holder, Instant now) {
        book.release(holder.key(), book.cooldown(), now);
        out.notice(
                PoolNotice.Kind.DEL_LOST,
                holder.address(),
                "The sandbox of " + holder.pod() + " is gone from the kernel and no DEL came: taken back");
    }
}
