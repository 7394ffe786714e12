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

    /// Blocks this close to the end of their quarantine go along with one whose quarantine is over: one call
    /// for all.
    private static final Duration TOGETHER = Duration.ofSeconds(15);

    /// An ENI does not go sooner after it came.
    static final Duration ENI_LIFE_MIN = Duration.ofSeconds(60);

    private static final Comparator<Block> BY_VERIFY =
            Comparator.comparing((Block block) -> block.verifyAt).thenComparing(Block.BY_NUMBER);

    private final AddressBook book;
    private final Requests requests;
    private final RecentlyUnassigned recentlyUnassigned;
    private final Outbox out;
    private final NavigableSet<Block> quarantine = new TreeSet<>(BY_VERIFY);

    /// When an ENI that would go is old enough.
    private Optional<Instant> oldEnoughAt = Optional.empty();

    Shrink(AddressBook book, Requests requests, RecentlyUnassigned recentlyUnassigned, Outbox out) {
        this.book = book;
        this.requests = requests;
        this.recentlyUnassigned = recentlyUnassigned;
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
        for (PooledEni eni : book.enis()) {
            if (eni.blocks.isEmpty() && !eni.primary() && eni.takesPods() && !eni.removeWholeEni) {
                return true;
            }
        }
        return false;
    }

    private void drainOthers(Instant now) {
        for (PooledEni eni : book.enis()) {
            for (Block block : List.copyOf(eni.others)) {
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
        for (PooledEni eni : book.enisByDeviceIndex().reversed()) {
            long addresses = eni.blocks.size() * sizeOf(eni);
            if (eni.primary()
                    || !eni.takesPods()
                    || eni.busy
                    || !eni.isIdle()
                    || eni.removeWholeEni
                    || addresses > left) {
                continue;
            }
            Instant oldEnough = eni.arrivedAt.plus(ENI_LIFE_MIN);
            if (oldEnough.isAfter(now)) {
                oldEnoughAt = oldEnoughAt.filter(at -> at.isBefore(oldEnough)).or(() -> Optional.of(oldEnough));
                continue;
            }
            eni.removeWholeEni = true;
            eni.emptyGoesAt = eni.blocks.isEmpty() ? now.plus(QUARANTINE) : null;
            List.copyOf(eni.blocks.values()).forEach(block -> quarantine(block, now.plus(QUARANTINE), now));
            left -= addresses;
        }
        return left;
    }

    /// Why addresses that the policy does not want stay all the same; "" when nothing keeps them. Changes nothing.
    String whyKept(WarmTarget wanted, Instant now) {
        if (wanted.fewer() == 0) {
            return "";
        }
        return switch (wanted.unit()) {
            case BLOCK -> whyBlocksAreKept(wanted.fewer());
            case ENI -> whyEnisAreKept(wanted.fewer(), now);
        };
    }

    private String whyBlocksAreKept(int fewer) {
        long smallest = book.enis().stream()
                .filter(PooledEni::takesPods)
                .flatMap(eni -> eni.idle.stream())
                .mapToLong(block -> block.kind.addresses())
                .min()
                .orElse(0);
        if (smallest == 0) {
            return "each block has an address that a pod has or that cools";
        }
        return smallest > fewer ? "only whole blocks go back, and the smallest has " + smallest + " addresses" : "";
    }

    private String whyEnisAreKept(int fewer, Instant now) {
        List<PooledEni> mayGo = book.enis().stream()
                .filter(eni -> eni.takesPods() && !eni.primary() && !eni.removeWholeEni)
                .toList();
        if (mayGo.isEmpty()) {
            return "only whole ENIs go back, and the primary ENI stays";
        }
        List<PooledEni> idle =
                mayGo.stream().filter(eni -> eni.isIdle() && !eni.busy).toList();
        if (idle.isEmpty()) {
            return "only whole ENIs go back, and each has an address that a pod has or that cools";
        }
        List<PooledEni> small = idle.stream()
                .filter(eni -> eni.blocks.size() * sizeOf(eni) <= fewer)
                .toList();
        if (small.isEmpty()) {
            return "only whole ENIs go back, and none that is idle has so few addresses";
        }
        return small.stream().anyMatch(eni -> !eni.arrivedAt.plus(ENI_LIFE_MIN).isAfter(now))
                ? ""
                : "an ENI stays for " + ENI_LIFE_MIN.toSeconds() + " s at least";
    }

    private static long sizeOf(PooledEni eni) {
        return eni.blocks.isEmpty()
                ? 0
                : eni.blocks.firstEntry().getValue().kind.addresses();
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
        for (PooledEni eni : emptiestFirst()) {
            for (Block block : List.copyOf(eni.idle.descendingSet())) {
                if (book.prefers(block) == preferred && block.kind.addresses() <= left) {
                    quarantine(block, now.plus(QUARANTINE), now);
                    left -= block.kind.addresses();
                }
            }
        }
        return left;
    }

    private List<PooledEni> emptiestFirst() {
        return book.enis().stream()
                .filter(eni -> eni.takesPods() && !eni.idle.isEmpty())
                .sorted(PooledEni.FULLEST_FIRST.reversed())
                .toList();
    }

    private void quarantine(Block block, Instant until, Instant now) {
        quarantine.remove(block); // it may have left it by another way, before its place there changes
        block.verifyAt = until;
        book.changeState(block, Block.State.QUARANTINED, now);
        quarantine.add(block);
    }

    /// A block that EC2 may have taken back already: it is believed when a view that cannot be old lists it.
    void quarantineUnverified(Block block, Instant since, Instant now) {
        block.unverified = true;
        Instant provable = since.plus(Lag.MAX);
        quarantine(block, provable.isAfter(now) ? provable : now, now);
    }

    /// Takes blocks out of quarantine again because they are needed.
    ///
    /// @return whether there was any
    boolean reclaim(long addresses, Instant now) {
        book.enis().stream().filter(eni -> eni.emptyGoesAt != null && !eni.busy).forEach(Shrink::keepEmpty);
        long left = addresses;
        if (book.totals().quarantined == 0) {
            return false;
        }
        for (Block block : List.copyOf(quarantine)) {
            if (left > 0 && block.state == Block.State.QUARANTINED && !block.unverified) {
                left -= reclaim(block, now);
            }
        }
        return left < addresses;
    }

    private long reclaim(Block block, Instant now) {
        if (!block.eni.removeWholeEni) {
            leaveQuarantine(block, now);
            return block.kind.addresses();
        }
        block.eni.removeWholeEni = false;
        long reclaimed = 0;
        for (Block together : List.copyOf(block.eni.blocks.values())) {
            if (together.state == Block.State.QUARANTINED && !together.unverified) {
                leaveQuarantine(together, now);
                reclaimed += together.kind.addresses();
            }
        }
        return reclaimed;
    }

    private void leaveQuarantine(Block block, Instant now) {
        quarantine.remove(block);
        block.unverified = false;
        book.changeState(block, Block.State.ACTIVE, now);
    }

    private static void keepEmpty(PooledEni eni) {
        eni.emptyGoesAt = null;
        eni.removeWholeEni = false;
    }

    private void verifyDue(Instant now) {
        for (PooledEni eni : book.enis()) {
            if (eni.emptyGoesAt != null && !eni.blocks.isEmpty()) {
                keepEmpty(eni); // it is not empty any more
            } else if (eni.emptyGoesAt != null && !eni.emptyGoesAt.isAfter(now) && !eni.busy) {
                verify(eni, now);
            }
        }
        quarantine.removeIf(block -> block.state != Block.State.QUARANTINED); // disputed meanwhile, or gone
        for (Block block : quarantine) {
            if (block.verifyAt.isAfter(now)) {
                return;
            }
            PooledEni eni = block.eni;
            if (!eni.busy) {
                verify(eni, now);
            }
        }
    }

    private void verify(PooledEni eni, Instant now) {
        eni.busy = true;
        long request = requests.open(new Requests.Verification(eni, now));
        out.add(new Effect.Verify(request, eni.id()));
    }

    /// EC2 and the kernel were asked about an ENI with blocks in quarantine.
    void verified(PooledEni eni, Evidence evidence, Reconciler reconciler, Instant now) {
        eni.emptyGoesAt = null;
        List<Block> due = eni.blocks.values().stream()
                .filter(block -> block.state == Block.State.QUARANTINED)
                .filter(block ->
                        !block.verifyAt.isAfter(evidence.asked().plus(block.unverified ? Duration.ZERO : TOGETHER)))
                .filter(block -> !block.stateSince.isAfter(evidence.asked()))
                .toList();
        if (!evidence.attached()) {
            notAttached(eni, due, evidence, reconciler, now);
            return;
        }
        List<Block> proven = new ArrayList<>();
        for (Block block : due) {
            Set<InetAddress> held = heldOf(block, evidence);
            if (!held.isEmpty()) {
                reclaim(block, now);
                held.forEach(address -> reconciler.unknownHolder(block.address(address, now), now));
            } else if (!evidence.listed().contains(block.cidr)) {
                reconciler.missing(block, evidence.asked(), now);
                verifyLater(block, now); // too new to show in every view
            } else if (block.unverified) {
                leaveQuarantine(block, now); // it is still ours
            } else {
                proven.add(block);
            }
        }
        if (eni.removeWholeEni) {
            giveBackEni(eni, proven, evidence, now);
        } else if (!proven.isEmpty()) {
            giveBack(eni, proven, now);
        }
    }

    private void notAttached(PooledEni eni, List<Block> due, Evidence evidence, Reconciler reconciler, Instant now) {
        boolean asWeAsked = !due.isEmpty()
                && due.size() == eni.blocks.size()
                && due.stream().allMatch(block -> block.unverified);
        if (asWeAsked) {
            removeEni(eni, now); // once more: what is gone already is fine, and what was left undone is done
        } else {
            due.forEach(block -> reconciler.missing(block, evidence.asked(), now));
            due.forEach(block -> verifyLater(block, now));
            keepEmpty(eni);
        }
    }

    /// A look that decided nothing about the block.
    private void verifyLater(Block block, Instant now) {
        if (block.state == Block.State.QUARANTINED) {
            quarantine.remove(block);
            block.verifyAt = now.plus(Lag.MAX);
            quarantine.add(block);
        }
    }

    private static Set<InetAddress> heldOf(Block block, Evidence evidence) {
        Set<InetAddress> held = new TreeSet<>(PooledAddress.BY_NUMBER);
        for (InetAddress address : evidence.held()) {
            if (block.cidr.contains(address)) {
                held.add(address);
            }
        }
        return held;
    }

    private void giveBack(PooledEni eni, List<Block> blocks, Instant now) {
        for (Block block : blocks) {
            quarantine.remove(block);
            block.unlistedWhileLeaving = false;
            book.changeState(block, Block.State.LEAVING, now);
            out.write(new JournalRecord.Leaving(eni.id(), block.cidr, now));
        }
        eni.busy = true;
        long request = requests.open(new Requests.Return(eni, blocks, now));
        out.add(new Effect.Unassign(request, eni.id(), cidrs(blocks)));
    }

    private void giveBackEni(PooledEni eni, List<Block> proven, Evidence evidence, Instant now) {
        boolean allOfIt = proven.size() == eni.blocks.size()
                && eni.blocks.keySet().containsAll(evidence.listed())
                && evidence.held().stream().allMatch(held -> isOfAnotherEni(held, eni));
        if (allOfIt) {
            removeEni(eni, now);
        } else {
            keepEmpty(eni);
            proven.stream()
                    .filter(block -> block.state == Block.State.QUARANTINED)
                    .forEach(block -> leaveQuarantine(block, now));
        }
    }

    /// A view that lacks a block does not prove that the sandbox which has an address of it is not on this ENI.
    private boolean isOfAnotherEni(InetAddress held, PooledEni eni) {
        return book.blockOf(held).filter(block -> block.eni != eni).isPresent();
    }

    private void removeEni(PooledEni eni, Instant now) {
        for (Block block : eni.blocks.values()) {
            quarantine.remove(block);
            block.unlistedWhileLeaving = false;
            book.changeState(block, Block.State.LEAVING, now);
            out.write(new JournalRecord.Leaving(eni.id(), block.cidr, now));
        }
        eni.busy = true;
        eni.removeWholeEni = true;
        eni.removing = true;
        long request = requests.open(new Requests.Removal(eni, now));
        out.add(new Effect.RemoveEni(request, eni.id()));
    }

    void returned(Requests.Return gone, Instant now) {
        gone.eni().returning.succeeded(now);
        for (Block block : gone.blocks()) {
            recentlyUnassigned.note(block.cidr, now);
            book.remove(block, now);
        }
        out.notice(PoolNotice.of(PoolNotice.Kind.RETURNED, "Blocks that nobody needs went back to EC2")
                .with("blocks", cidrs(gone.blocks()))
                .with("eni", gone.eni().id()));
    }

    void removed(PooledEni eni, Instant now) {
        eni.blocks.keySet().forEach(cidr -> recentlyUnassigned.note(cidr, now));
        book.remove(eni, now);
        out.notice(PoolNotice.of(PoolNotice.Kind.RETURNED, "An ENI that nobody needs was detached and deleted")
                .with("eni", eni.id()));
    }

    void returnFailed(Requests.Return asked, AllocationError error, String detail, Instant now) {
        GrowthBackoff backOff = asked.eni().returning;
        backOff.failed(error, detail, now);
        Instant again = backOff.lastFailure().orElseThrow().retryAt();
        for (Block block : asked.blocks().stream().filter(book::has).toList()) {
            if (error != AllocationError.OUTCOME_UNKNOWN) {
                out.write(new JournalRecord.UnassignFailed(block.eni.id(), block.cidr, now));
            }
            if (error == AllocationError.OUTCOME_UNKNOWN || block.unlistedWhileLeaving) {
                quarantineUnverified(block, now, now); // our call did not take it, but somebody else may have
            } else {
                quarantine(block, again, now);
            }
        }
    }

    /// EC2 or the kernel could not be asked: what is in quarantine stays there, and can be reclaimed.
    void verificationFailed(PooledEni eni, AllocationError error, String detail, Instant now) {
        eni.returning.failed(error, detail, now);
        Instant again = eni.returning.lastFailure().orElseThrow().retryAt();
        if (eni.emptyGoesAt != null) {
            eni.emptyGoesAt = again;
        }
        for (Block block : eni.blocks.values()) {
            if (block.state == Block.State.QUARANTINED && block.verifyAt.isBefore(again)) {
                quarantine.remove(block);
                block.verifyAt = again;
                quarantine.add(block);
            }
        }
    }

    /// An ENI may be detached and not deleted, or neither: which, EC2 tells when its views can be believed. A
    /// call that was refused has changed nothing.
    void removalFailed(PooledEni eni, AllocationError error, String detail, Instant now) {
        if (error == AllocationError.THROTTLED
                || error == AllocationError.UNAUTHORIZED
                || error == AllocationError.NOT_AUTHENTICATED) {
            returnFailed(new Requests.Return(eni, List.copyOf(eni.blocks.values()), now), error, detail, now);
            keepEmpty(eni); // nothing has happened
            return;
        }
        if (eni.blocks.isEmpty()) {
            eni.emptyGoesAt = now.plus(Lag.MAX);
        }
        eni.blocks.values().forEach(block -> quarantineUnverified(block, now, now));
    }

    /// When something in quarantine can be verified, or an ENI that would go is old enough. A block whose ENI has a
    /// request under way is looked at when that concludes.
    Optional<Instant> lookAgainAt() {
        Optional<Instant> due = quarantine.stream()
                .filter(block -> block.state == Block.State.QUARANTINED && !block.eni.busy)
                .findFirst()
                .map(block -> block.verifyAt);
        Stream<Instant> empty = book.enis().stream()
                .filter(eni -> !eni.busy)
                .flatMap(eni -> Optional.ofNullable(eni.emptyGoesAt).stream());
        return Stream.concat(empty, Stream.concat(oldEnoughAt.stream(), due.stream()))
                .min(Comparator.naturalOrder());
    }

    private static List<Cidr> cidrs(List<Block> blocks) {
        return blocks.stream().map(block -> block.cidr).toList();
    }
}
