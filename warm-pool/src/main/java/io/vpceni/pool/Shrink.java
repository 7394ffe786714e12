package io.vpceni.pool;

import io.vpceni.config.Cidr;
import io.vpceni.pool.policy.WarmTarget;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// How blocks and ENIs that nobody needs go back to EC2: quarantine, proof, return.
///
/// In quarantine an address serves no ADD, unless nothing else is there: then it is taken back. When the quarantine is
/// over EC2 and the kernel are asked. Only what EC2 lists and no sandbox holds is given back; anything else is
/// disputed.
final class Shrink {

    /// How long a block stays in quarantine before it is verified: a pod that comes meanwhile costs no call.
    static final Duration QUARANTINE = Duration.ofSeconds(30);

    /// Blocks this close to the end of their quarantine go along with one whose quarantine is over: one call for all.
    private static final Duration TOGETHER = Duration.ofSeconds(15);

    /// An ENI does not go sooner after it came.
    static final Duration ENI_LIFE_MIN = Duration.ofSeconds(60);

    private static final Comparator<Block> BY_VERIFY =
            Comparator.comparing((Block block) -> block.verifyAt).thenComparing(Block.BY_NUMBER);

    private final AddressBook book;
    private final Requests requests;
    private final RecentlyUnassigned departures;
    private final Outbox out;
    private final NavigableSet<Block> quarantine = new TreeSet<>(BY_VERIFY);

    /// When an ENI that would go is old enough.
    private Optional<Instant> oldEnoughAt = Optional.empty();

    Shrink(AddressBook book, Requests requests, RecentlyUnassigned departures, Outbox out) {
        this.book = book;
        this.requests = requests;
        this.departures = departures;
        this.out = out;
    }

    /// Puts into quarantine what is not wanted, and has verified what was there long enough.
    ///
    /// @param othersDrain whether idle blocks of a kind that the mode does not prefer are to go
    void plan(WarmTarget wanted, boolean othersDrain, Instant now) {
        oldEnoughAt = Optional.empty();
        if (othersDrain && wanted.more() == 0 && book.totals().others > 0) {
            drainOthers(now);
        }
        boolean surplus = wanted.fewer() > 0 && book.totals().idleBlocks > 0;
        if (surplus || (wanted.more() == 0 && anEniIsEmpty())) {
            long left = quarantineBlocks(wanted.fewer(), false, now);
            left = quarantineEnis(left, now);
            if (wanted.unit() == WarmTarget.Unit.BLOCK) {
                quarantineBlocks(left, true, now);
            }
        }
        verifyDue(now);
    }

    /// Gives nothing back: what was in quarantine serves again. What is in doubt is asked about all the same.
    void follow(Instant now) {
        oldEnoughAt = Optional.empty();
        reclaim(Long.MAX_VALUE, now);
        verifyDue(now);
    }

    private boolean anEniIsEmpty() {
        for (PooledEni shelf : book.shelves()) {
            if (shelf.blocks.isEmpty() && !shelf.eni.primary() && shelf.takesPods() && !shelf.goingWhole) {
                return true;
            }
        }
        return false;
    }

    private void drainOthers(Instant now) {
        for (PooledEni shelf : book.shelves()) {
            for (Block block : List.copyOf(shelf.others)) {
                if (block.isIdle()) {
                    quarantine(block, now.plus(QUARANTINE), now);
                }
            }
        }
    }

    /// ENIs that nobody uses, the last plugged first, as long as the surplus covers all their addresses.
    ///
    /// @return what is left of the surplus
    private long quarantineEnis(long surplus, Instant now) {
        long left = surplus;
        for (PooledEni shelf : book.shelvesAsPlugged().reversed()) {
            long addresses = shelf.blocks.size() * sizeOf(shelf);
            if (shelf.eni.primary()
                    || !shelf.takesPods()
                    || shelf.busy
                    || !shelf.isIdle()
                    || shelf.goingWhole
                    || addresses > left) {
                continue;
            }
            Instant oldEnough = shelf.arrivedAt.plus(ENI_LIFE_MIN);
            if (oldEnough.isAfter(now)) {
                oldEnoughAt = oldEnoughAt.filter(at -> at.isBefore(oldEnough)).or(() -> Optional.of(oldEnough));
                continue;
            }
            shelf.goingWhole = true;
            shelf.emptyGoesAt = shelf.blocks.isEmpty() ? now.plus(QUARANTINE) : null;
            List.copyOf(shelf.blocks.values()).forEach(block -> quarantine(block, now.plus(QUARANTINE), now));
            left -= addresses;
        }
        return left;
    }

    /// Why addresses that the policy does not want stay all the same; "" when nothing keeps them. Changes nothing.
    String whatKeeps(WarmTarget wanted, Instant now) {
        if (wanted.fewer() == 0) {
            return "";
        }
        return switch (wanted.unit()) {
            case BLOCK -> whatKeepsBlocks(wanted.fewer());
            case ENI -> whatKeepsEnis(wanted.fewer(), now);
        };
    }

    private String whatKeepsBlocks(int fewer) {
        long smallest = book.shelves().stream()
                .filter(PooledEni::takesPods)
                .flatMap(shelf -> shelf.idle.stream())
                .mapToLong(block -> block.kind.addresses())
                .min()
                .orElse(0);
        if (smallest == 0) {
            return "each block has an address that a pod has or that cools";
        }
        return smallest > fewer ? "only whole blocks go back, and the smallest has " + smallest + " addresses" : "";
    }

    private String whatKeepsEnis(int fewer, Instant now) {
        List<PooledEni> mayGo = book.shelves().stream()
                .filter(shelf -> shelf.takesPods() && !shelf.eni.primary() && !shelf.goingWhole)
                .toList();
        if (mayGo.isEmpty()) {
            return "only whole ENIs go back, and the primary ENI stays";
        }
        List<PooledEni> idle =
                mayGo.stream().filter(shelf -> shelf.isIdle() && !shelf.busy).toList();
        if (idle.isEmpty()) {
            return "only whole ENIs go back, and each has an address that a pod has or that cools";
        }
        List<PooledEni> small = idle.stream()
                .filter(shelf -> shelf.blocks.size() * sizeOf(shelf) <= fewer)
                .toList();
        if (small.isEmpty()) {
            return "only whole ENIs go back, and none that is idle has so few addresses";
        }
        return small.stream()
                        .anyMatch(shelf -> !shelf.arrivedAt.plus(ENI_LIFE_MIN).isAfter(now))
                ? ""
                : "an ENI stays for " + ENI_LIFE_MIN.toSeconds() + " s at least";
    }

    private static long sizeOf(PooledEni shelf) {
        return shelf.blocks.isEmpty()
                ? 0
                : shelf.blocks.firstEntry().getValue().kind.addresses();
    }

    /// Idle blocks from the emptiest ENI on, the primary ENI last.
    ///
    /// @param preferred whether blocks of the kind that the mode prefers, or those of any other kind
    /// @return what is left of the surplus
    private long quarantineBlocks(long surplus, boolean preferred, Instant now) {
        long left = surplus;
        if (!preferred && book.totals().others == 0) {
            return left;
        }
        for (PooledEni shelf : emptiestFirst()) {
            for (Block block : List.copyOf(shelf.idle.descendingSet())) {
                if (book.prefers(block) == preferred && block.kind.addresses() <= left) {
                    quarantine(block, now.plus(QUARANTINE), now);
                    left -= block.kind.addresses();
                }
            }
        }
        return left;
    }

    private List<PooledEni> emptiestFirst() {
        return book.shelves().stream()
                .filter(shelf -> shelf.takesPods() && !shelf.idle.isEmpty())
                .sorted(PooledEni.FULLEST_FIRST.reversed())
                .toList();
    }

    private void quarantine(Block block, Instant until, Instant now) {
        quarantine.remove(block); // it may have left it by another way, before its place there changes
        block.verifyAt = until;
        book.stand(block, Block.Standing.QUARANTINED, now);
        quarantine.add(block);
    }

    /// A block that EC2 may have taken back already: it is believed when a view that cannot be old lists it.
    void doubt(Block block, Instant since, Instant now) {
        block.doubtful = true;
        Instant provable = since.plus(Lag.MAX);
        quarantine(block, provable.isAfter(now) ? provable : now, now);
    }

    /// Takes blocks out of quarantine again because they are needed.
    ///
    /// @return whether there was any
    boolean reclaim(long addresses, Instant now) {
        book.shelves().stream()
                .filter(shelf -> shelf.emptyGoesAt != null && !shelf.busy)
                .forEach(Shrink::keepEmpty);
        long left = addresses;
        if (book.totals().quarantined == 0) {
            return false;
        }
        for (Block block : List.copyOf(quarantine)) {
            if (left > 0 && block.standing == Block.Standing.QUARANTINED && !block.doubtful) {
                left -= reclaim(block, now);
            }
        }
        return left < addresses;
    }

    private long reclaim(Block block, Instant now) {
        if (!block.shelf.goingWhole) {
            leaveQuarantine(block, now);
            return block.kind.addresses();
        }
        block.shelf.goingWhole = false;
        long reclaimed = 0;
        for (Block together : List.copyOf(block.shelf.blocks.values())) {
            if (together.standing == Block.Standing.QUARANTINED && !together.doubtful) {
                leaveQuarantine(together, now);
                reclaimed += together.kind.addresses();
            }
        }
        return reclaimed;
    }

    private void leaveQuarantine(Block block, Instant now) {
        quarantine.remove(block);
        block.doubtful = false;
        book.stand(block, Block.Standing.HERE, now);
    }

    private static void keepEmpty(PooledEni shelf) {
        shelf.emptyGoesAt = null;
        shelf.goingWhole = false;
    }

    private void verifyDue(Instant now) {
        for (PooledEni shelf : book.shelves()) {
            if (shelf.emptyGoesAt != null && !shelf.blocks.isEmpty()) {
                keepEmpty(shelf); // it is not empty any more
            } else if (shelf.emptyGoesAt != null && !shelf.emptyGoesAt.isAfter(now) && !shelf.busy) {
                look(shelf, now);
            }
        }
        quarantine.removeIf(block -> block.standing != Block.Standing.QUARANTINED); // disputed meanwhile, or gone
        for (Block block : quarantine) {
            if (block.verifyAt.isAfter(now)) {
                return;
            }
            PooledEni shelf = block.shelf;
            if (!shelf.busy) {
                look(shelf, now);
            }
        }
    }

    private void look(PooledEni shelf, Instant now) {
        shelf.busy = true;
        long request = requests.open(new Requests.Look(shelf, now));
        out.add(new Effect.Verify(request, shelf.eni.id()));
    }

    /// EC2 and the kernel were asked about an ENI with blocks in quarantine.
    void verified(PooledEni shelf, Evidence evidence, Reconciler reviews, Instant now) {
        shelf.emptyGoesAt = null;
        List<Block> due = shelf.blocks.values().stream()
                .filter(block -> block.standing == Block.Standing.QUARANTINED)
                .filter(block ->
                        !block.verifyAt.isAfter(evidence.asked().plus(block.doubtful ? Duration.ZERO : TOGETHER)))
                .filter(block -> !block.standingSince.isAfter(evidence.asked()))
                .toList();
        if (!evidence.attached()) {
            notAttached(shelf, due, evidence, reviews, now);
            return;
        }
        List<Block> proven = new ArrayList<>();
        for (Block block : due) {
            Set<InetAddress> held = heldOf(block, evidence);
            if (!held.isEmpty()) {
                reclaim(block, now);
                held.forEach(address -> reviews.strange(block.address(address, now), now));
            } else if (!evidence.listed().contains(block.cidr)) {
                reviews.missing(block, evidence.asked(), now);
                lookLater(block, now); // too new to show in every view
            } else if (block.doubtful) {
                leaveQuarantine(block, now); // it is still ours
            } else {
                proven.add(block);
            }
        }
        if (shelf.goingWhole) {
            giveBackEni(shelf, proven, evidence, now);
        } else if (!proven.isEmpty()) {
            giveBack(shelf, proven, now);
        }
    }

    private void notAttached(PooledEni shelf, List<Block> due, Evidence evidence, Reconciler reviews, Instant now) {
        boolean asWeAsked = !due.isEmpty()
                && due.size() == shelf.blocks.size()
                && due.stream().allMatch(block -> block.doubtful);
        if (asWeAsked) {
            removeEni(shelf, now); // once more: what is gone already is fine, and what was left undone is done
        } else {
            due.forEach(block -> reviews.missing(block, evidence.asked(), now));
            due.forEach(block -> lookLater(block, now));
            keepEmpty(shelf);
        }
    }

    /// A look that decided nothing about the block.
    private void lookLater(Block block, Instant now) {
        if (block.standing == Block.Standing.QUARANTINED) {
            quarantine.remove(block);
            block.verifyAt = now.plus(Lag.MAX);
            quarantine.add(block);
        }
    }

    private static Set<InetAddress> heldOf(Block block, Evidence evidence) {
        Set<InetAddress> held = new TreeSet<>(PooledAddress.NUMERIC);
        for (InetAddress address : evidence.held()) {
            if (block.cidr.contains(address)) {
                held.add(address);
            }
        }
        return held;
    }

    private void giveBack(PooledEni shelf, List<Block> blocks, Instant now) {
        for (Block block : blocks) {
            quarantine.remove(block);
            block.unlistedWhileLeaving = false;
            book.stand(block, Block.Standing.LEAVING, now);
            out.write(new JournalRecord.Leaving(shelf.eni.id(), block.cidr, now));
        }
        shelf.busy = true;
        long request = requests.open(new Requests.Return(shelf, blocks, now));
        out.add(new Effect.Unassign(request, shelf.eni.id(), cidrs(blocks)));
    }

    private void giveBackEni(PooledEni shelf, List<Block> proven, Evidence evidence, Instant now) {
        boolean allOfIt = proven.size() == shelf.blocks.size()
                && shelf.blocks.keySet().containsAll(evidence.listed())
                && evidence.held().stream().allMatch(held -> isOfAnotherEni(held, shelf));
        if (allOfIt) {
            removeEni(shelf, now);
        } else {
            keepEmpty(shelf);
            proven.stream()
                    .filter(block -> block.standing == Block.Standing.QUARANTINED)
                    .forEach(block -> leaveQuarantine(block, now));
        }
    }

    /// A view that lacks a block does not prove that the sandbox which has an address of it is not on this ENI.
    private boolean isOfAnotherEni(InetAddress held, PooledEni shelf) {
        return book.blockOf(held).filter(block -> block.shelf != shelf).isPresent();
    }

    private void removeEni(PooledEni shelf, Instant now) {
        for (Block block : shelf.blocks.values()) {
            quarantine.remove(block);
            block.unlistedWhileLeaving = false;
            book.stand(block, Block.Standing.LEAVING, now);
            out.write(new JournalRecord.Leaving(shelf.eni.id(), block.cidr, now));
        }
        shelf.busy = true;
        shelf.goingWhole = true;
        shelf.removing = true;
        long request = requests.open(new Requests.Removal(shelf, now));
        out.add(new Effect.RemoveEni(request, shelf.eni.id()));
    }

    void returned(Requests.Return gone, Instant now) {
        gone.shelf().returning.succeeded(now);
        for (Block block : gone.blocks()) {
            departures.note(block.cidr, now);
            book.remove(block, now);
        }
        out.notice(
                PoolNotice.Kind.RETURNED,
                cidrs(gone.blocks()) + " of " + gone.shelf().eni.id() + " went back to EC2");
    }

    void removed(PooledEni shelf, Instant now) {
        shelf.blocks.keySet().forEach(cidr -> departures.note(cidr, now));
        book.remove(shelf, now);
        out.notice(PoolNotice.Kind.RETURNED, shelf.eni.id() + " went back to EC2");
    }

    void returnFailed(Requests.Return asked, AllocationError obstacle, String detail, Instant now) {
        GrowthBackoff backOff = asked.shelf().returning;
        backOff.failed(obstacle, detail, now);
        Instant again = backOff.obstacle().orElseThrow().retryAt();
        for (Block block : asked.blocks().stream().filter(book::has).toList()) {
            if (obstacle != AllocationError.OUTCOME_UNKNOWN) {
                out.write(new JournalRecord.Stayed(block.shelf.eni.id(), block.cidr, now));
            }
            if (obstacle == AllocationError.OUTCOME_UNKNOWN || block.unlistedWhileLeaving) {
                doubt(block, now, now); // our call did not take it, but somebody else may have
            } else {
                quarantine(block, again, now);
            }
        }
    }

    /// EC2 or the kernel could not be asked: what is in quarantine stays there, and can be reclaimed.
    void lookFailed(PooledEni shelf, AllocationError obstacle, String detail, Instant now) {
        shelf.returning.failed(obstacle, detail, now);
        Instant again = shelf.returning.obstacle().orElseThrow().retryAt();
        if (shelf.emptyGoesAt != null) {
            shelf.emptyGoesAt = again;
        }
        for (Block block : shelf.blocks.values()) {
            if (block.standing == Block.Standing.QUARANTINED && block.verifyAt.isBefore(again)) {
                quarantine.remove(block);
                block.verifyAt = again;
                quarantine.add(block);
            }
        }
    }

    /// An ENI may be detached and not deleted, or neither: which, EC2 tells when its views can be believed. A call that
    /// was refused has changed nothing.
    void removalFailed(PooledEni shelf, AllocationError obstacle, String detail, Instant now) {
        if (obstacle == AllocationError.THROTTLED
                || obstacle == AllocationError.UNAUTHORIZED
                || obstacle == AllocationError.NOT_AUTHENTICATED) {
            returnFailed(new Requests.Return(shelf, List.copyOf(shelf.blocks.values()), now), obstacle, detail, now);
            keepEmpty(shelf); // nothing has happened
            return;
        }
        if (shelf.blocks.isEmpty()) {
            shelf.emptyGoesAt = now.plus(Lag.MAX);
        }
        shelf.blocks.values().forEach(block -> doubt(block, now, now));
    }

    /// When something in quarantine can be verified, or an ENI that would go is old enough. A block whose ENI has a
    /// request under way is looked at when that concludes.
    Optional<Instant> lookAgainAt() {
        Optional<Instant> due = quarantine.stream()
                .filter(block -> block.standing == Block.Standing.QUARANTINED && !block.shelf.busy)
                .findFirst()
                .map(block -> block.verifyAt);
        Stream<Instant> empty = book.shelves().stream()
                .filter(shelf -> !shelf.busy)
                .flatMap(shelf -> Optional.ofNullable(shelf.emptyGoesAt).stream());
        return Stream.concat(empty, Stream.concat(oldEnoughAt.stream(), due.stream()))
                .min(Comparator.naturalOrder());
    }

    private static List<Cidr> cidrs(List<Block> blocks) {
        return blocks.stream().map(block -> block.cidr).toList();
    }
}
