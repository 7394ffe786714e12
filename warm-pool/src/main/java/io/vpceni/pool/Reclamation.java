package io.vpceni.pool;

import io.vpceni.config.AddressOrder;
import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Returns blocks and ENIs from [Quarantine] to EC2: once they are due, EC2 and the kernel are asked. Only what EC2
/// lists and no sandbox holds is unassigned or removed; anything else is disputed, or stays.
final class Reclamation {

    /// Blocks this close to the end of their quarantine are verified and unassigned together with those whose
    /// quarantine is over, in one call.
    private static final Duration TOGETHER = Duration.ofSeconds(15);

    private final AddressBook book;
    private final BlockIndex index;
    private final Quarantine quarantine;
    private final Reconciler reconciler;
    private final Requests requests;
    private final RecentlyUnassigned recentlyUnassigned;
    private final Outbox out;

    Reclamation(
            AddressBook book,
            BlockIndex index,
            Quarantine quarantine,
            Reconciler reconciler,
            Requests requests,
            RecentlyUnassigned recentlyUnassigned,
            Outbox out) {
        this.book = book;
        this.index = index;
        this.quarantine = quarantine;
        this.reconciler = reconciler;
        this.requests = requests;
        this.recentlyUnassigned = recentlyUnassigned;
        this.out = out;
    }

    /// Has EC2 and the kernel asked about all of which that is due.
    void verifyDue(Instant now) {
        for (PooledEni eni : quarantine.due(now)) {
            eni.startVerifying();
            long request = requests.open(new Requests.Verification(eni, now));
            out.add(new Effect.Verify(request, eni.id()));
        }
    }

    /// A verification is answered, however.
    void close(Requests.Verification asked) {
        asked.eni().answered();
    }

    /// A request to take blocks back is answered, however.
    void close(Requests.Return asked) {
        asked.eni().answered();
    }

    /// A request to remove an ENI is answered, however.
    void close(Requests.Removal asked) {
        asked.eni().answered();
    }

    /// EC2 and the kernel were asked about an ENI with blocks in quarantine.
    void verified(Requests.Verification asked, Evidence evidence, Instant now) {
        PooledEni eni = asked.eni();
        List<Block> due = eni.blocks().all().stream()
                .filter(block -> isDue(block, evidence))
                .toList();
        if (!evidence.attached()) {
            notAttached(eni, due, evidence, now);
            return;
        }
        List<Block> proven = new ArrayList<>();
        for (Block block : due) {
            if (isProven(block, evidence, now)) {
                proven.add(block);
            }
        }
        if (eni.activity().isRemoval()) {
            giveBackEni(eni, proven, evidence, now);
        } else if (!proven.isEmpty()) {
            giveBack(eni, proven, now);
        }
    }

    private static boolean isDue(Block block, Evidence evidence) {
        return block.quarantine()
                .filter(in -> !in.verifyAt().isAfter(evidence.asked().plus(in.unverified() ? Duration.ZERO : TOGETHER)))
                .filter(in -> !in.since().isAfter(evidence.asked()))
                .isPresent();
    }

    /// Whether EC2 lists it and no sandbox holds it. What it is otherwise, it becomes.
    private boolean isProven(Block block, Evidence evidence, Instant now) {
        Set<InetAddress> held = heldOf(block, evidence);
        if (!held.isEmpty()) {
            if (block.quarantine().isPresent()) { // else it was taken out together with another one of its ENI
                quarantine.reclaim(block, now);
            }
            held.forEach(address -> reconciler.unknownHolder(block.address(address, now), now));
            return false;
        }
        if (!evidence.listed().contains(block.cidr())) {
            missing(block, evidence, now);
            return false;
        }
        if (block.isUnverified()) {
            quarantine.end(block, now); // it is still ours
            return false;
        }
        return true;
    }

    private void notAttached(PooledEni eni, List<Block> due, Evidence evidence, Instant now) {
        boolean asWeAsked = !due.isEmpty()
                && due.size() == eni.blocks().count()
                && !eni.primary()
                && due.stream().allMatch(Block::isUnverified);
        if (asWeAsked) {
            removeEni(eni, now); // once more: what is gone already is fine, and what was left undone is done
        } else {
            due.forEach(block -> missing(block, evidence, now));
            eni.cancelRemoval();
        }
    }

    /// EC2 does not list it. One that is too new to show in every view is verified later.
    private void missing(Block block, Evidence evidence, Instant now) {
        reconciler.missing(block, evidence.asked(), now);
        quarantine.verifyAt(block, now.plus(Lag.MAX));
    }

    private static Set<InetAddress> heldOf(Block block, Evidence evidence) {
        Set<InetAddress> held = new TreeSet<>(AddressOrder.BY_NUMBER);
        for (InetAddress address : evidence.held()) {
            if (block.cidr().contains(address)) {
                held.add(address);
            }
        }
        return held;
    }

    private void giveBack(PooledEni eni, List<Block> blocks, Instant now) {
        blocks.forEach(block -> leave(block, now));
        eni.startReturning();
        long request = requests.open(new Requests.Return(eni, blocks, now));
        out.add(new Effect.Unassign(request, eni.id(), cidrs(blocks)));
    }

    private void leave(Block block, Instant now) {
        quarantine.remove(block);
        book.leave(block, now);
    }

    private void giveBackEni(PooledEni eni, List<Block> proven, Evidence evidence, Instant now) {
        boolean allOfIt = proven.size() == eni.blocks().count()
                && eni.blocks().cidrs().containsAll(evidence.listed())
                && evidence.held().stream().allMatch(held -> isOfAnotherEni(held, eni));
        if (allOfIt) {
            removeEni(eni, now);
        } else {
            eni.cancelRemoval();
            proven.stream()
                    .filter(block -> block.quarantine().isPresent())
                    .forEach(block -> quarantine.end(block, now));
        }
    }

    /// A view that lacks a block does not prove that the sandbox which has an address of it is not on this ENI.
    private boolean isOfAnotherEni(InetAddress held, PooledEni eni) {
        return index.blockOf(held).filter(block -> block.eni() != eni).isPresent();
    }

    private void removeEni(PooledEni eni, Instant now) {
        eni.blocks().all().forEach(block -> leave(block, now));
        eni.startRemoving();
        long request = requests.open(new Requests.Removal(eni, now));
        out.add(new Effect.RemoveEni(request, eni.id()));
    }

    /// EC2 has taken blocks back.
    void returned(long request, Requests.Return gone, Instant now) {
        gone.eni().returning().succeeded(now);
        for (Block block : gone.blocks()) {
            recentlyUnassigned.note(block.cidr(), now);
            book.remove(block, now);
        }
        out.notice(PoolNotice.of(PoolNotice.Kind.RETURNED, "Blocks that nobody needs went back to EC2")
                .with("request", request)
                .with("blocks", cidrs(gone.blocks()))
                .with("eni", gone.eni().id()));
    }

    /// An ENI is detached and deleted.
    void removed(long request, Requests.Removal gone, Instant now) {
        PooledEni eni = gone.eni();
        eni.blocks().cidrs().forEach(cidr -> recentlyUnassigned.note(cidr, now));
        book.remove(eni, now);
        out.notice(PoolNotice.of(PoolNotice.Kind.RETURNED, "An ENI that nobody needs was detached and deleted")
                .with("request", request)
                .with("eni", eni.id()));
    }

    /// EC2 has not taken blocks back, or nobody knows.
    void returnFailed(Requests.Return asked, AllocationError error, String detail, Instant now) {
        keep(asked.eni(), asked.blocks(), error, detail, now);
    }

    private void keep(PooledEni eni, List<Block> blocks, AllocationError error, String detail, Instant now) {
        Instant again = failed(eni, error, detail, now);
        for (Block block : blocks.stream().filter(index::has).toList()) {
            if (error != AllocationError.OUTCOME_UNKNOWN) {
                out.write(new JournalRecord.UnassignFailed(eni.id(), block.cidr(), now));
            }
            if (error == AllocationError.OUTCOME_UNKNOWN || wasUnlisted(block)) {
                quarantine.addUnverified(block, now, now); // our call did not take it, but somebody else may have
            } else {
                quarantine.add(block, again, now);
            }
        }
    }

    private static boolean wasUnlisted(Block block) {
        return block.state() instanceof BlockState.Leaving leaving && leaving.unlisted();
    }

    /// @return when it is tried again
    private static Instant failed(PooledEni eni, AllocationError error, String detail, Instant now) {
        eni.returning().failed(error, detail, now);
        return eni.returning().lastFailure().orElseThrow().retryAt();
    }

    /// EC2 or the kernel could not be asked: what is in quarantine stays there, and can be reclaimed.
    void verificationFailed(Requests.Verification asked, AllocationError error, String detail, Instant now) {
        PooledEni eni = asked.eni();
        Instant again = failed(eni, error, detail, now);
        if (eni.verifyAt().isPresent()) {
            eni.planRemoval(Optional.of(again));
        }
        for (Block block : List.copyOf(eni.blocks().all())) {
            if (block.quarantine().filter(in -> in.verifyAt().isBefore(again)).isPresent()) {
                quarantine.verifyAt(block, again);
            }
        }
    }

    /// An ENI may be detached and not deleted, or neither: which, EC2 tells when its views can be believed. A
    /// call that was refused has changed nothing.
    void removalFailed(Requests.Removal asked, AllocationError error, String detail, Instant now) {
        PooledEni eni = asked.eni();
        List<Block> blocks = List.copyOf(eni.blocks().all());
        if (error.isRefusal()) {
            keep(eni, blocks, error, detail, now);
            eni.cancelRemoval();
            return;
        }
        if (blocks.isEmpty()) {
            eni.planRemoval(Optional.of(now.plus(Lag.MAX)));
        }
        blocks.forEach(block -> quarantine.addUnverified(block, now, now));
    }

    private static List<Cidr> cidrs(List<Block> blocks) {
        return blocks.stream().map(Block::cidr).toList();
    }
}
