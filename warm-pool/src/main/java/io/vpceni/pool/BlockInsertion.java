package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Inserts the blocks that EC2 has assigned to an ENI. EC2 assigns an address to one ENI only, so a conflicting block
/// is older: the new block moves it, replaces smaller ones inside it, or removes a wider one around it.
final class BlockInsertion {
    private final AddressBook book;
    private final BlockIndex index;
    private final Outbox out;

    BlockInsertion(AddressBook book, BlockIndex index, Outbox out) {
        this.index = index;
        this.book = book;
        this.out = out;
    }

    /// Adds those that EC2 has just given and says how many were new. A block of another ENI moves; when a
    /// sandbox has an address of it that is an unexpected answer, and it stays. One that was disputed or
    /// quarantined is new, too.
    int add(PooledEni eni, Collection<Cidr> listed, Instant now) {
        int added = 0;
        for (Cidr cidr : listed) {
            Block known = index.block(cidr).orElse(null);
            boolean moved = known != null && known.eni() != eni && known.assigned() + known.unknownHolders() == 0;
            if (moved || (known == null && !isInsideAnother(cidr, now))) {
                add(new Block(cidr, eni, now), now);
                added++;
            } else if (known == null || known.eni() != eni) {
                book.unexpectedAnswer(PoolNotice.of(
                                PoolNotice.Kind.UNEXPECTED_ANSWER,
                                "EC2 named a block that overlaps a block in use: the new one is ignored")
                        .with("block", cidr)
                        .with("eni", eni.id()));
            } else if (isNewAgain(known, now)) {
                added++;
            }
        }
        eni.learnSlots();
        return added;
    }

    /// EC2 has just given a block that is known on the same ENI: it had gone meanwhile. What older views said
    /// of it, and what was to become of it, is over.
    ///
    /// @return whether that makes it active again
    private boolean isNewAgain(Block block, Instant now) {
        block.givenAgain(now);
        return switch (block.state()) {
            case BlockState.Active _, BlockState.Leaving _, BlockState.Removed _ -> false; // EC2 is asked to take it
            case BlockState.Quarantined _ -> {
                out.write(new JournalRecord.UnassignFailed(block.eni().id(), block.cidr(), now));
                book.activate(block, now);
                yield true;
            }
            case BlockState.Disputed _ -> {
                out.write(new JournalRecord.UnassignFailed(block.eni().id(), block.cidr(), now));
                book.resolveDispute(block, now);
                yield true;
            }
        };
    }

    /// Whether a wider block contains this one, which EC2 has just given: the wider one is not this node's any
    /// more. It is removed when no sandbox has an address of it, and disputed otherwise.
    private boolean isInsideAnother(Cidr cidr, Instant now) {
        Optional<Block> found =
                index.blockOf(cidr.network()).filter(block -> block.cidr().prefixBits() < cidr.prefixBits());
        if (found.isEmpty()) {
            return false;
        }
        Block wider = found.get();
        if (wider.assigned() + wider.unknownHolders() == 0) {
            book.remove(wider, now);
            return false;
        }
        if (wider.isActive()) {
            book.dispute(wider, now, now);
        }
        return true;
    }

    private void add(Block block, Instant now) {
        List<PooledAddress> used = removeInside(block.cidr(), now);
        book.insert(block);
        used.forEach(old -> absorb(old, block, now));
        for (InetAddress cooling : book.disputes().coolingIn(block.cidr())) {
            book.disputes()
                    .takeCooldown(cooling, now)
                    .ifPresent(until -> coolUnlessAssigned(block.address(cooling, now), until, now));
        }
        for (Holding claim : book.disputes().firstOfEach(block.cidr())) {
            resolveClaim(claim, block, now);
        }
    }

    /// The smaller blocks inside the one that EC2 has just given are not this node's any more. What is used of
    /// them is used of the new one from now on.
    private List<PooledAddress> removeInside(Cidr cidr, Instant now) {
        List<PooledAddress> used = new ArrayList<>();
        for (Block block : index.inside(cidr)) {
            block.addresses().stream()
                    .filter(address -> address.use() != PooledAddress.Use.FREE)
                    .forEach(used::add);
            book.takeAway(block, now);
            out.write(new JournalRecord.Unassigned(block.eni().id(), block.cidr(), now));
        }
        return used;
    }

    private void absorb(PooledAddress old, Block replacement, Instant now) {
        PooledAddress address = replacement.address(old.address(), now);
        switch (old.use()) {
            case FREE -> {}
            case ASSIGNED -> book.assign(address, old.holding().orElseThrow(), now);
            case COOLING -> book.cool(address, old.freeSince(), now);
            case UNKNOWN_HOLDER -> book.unknownHolder(address, now);
        }
    }

    /// A sandbox of a smaller block inside this one may have it.
    private void coolUnlessAssigned(PooledAddress address, Instant until, Instant now) {
        if (address.use() != PooledAddress.Use.ASSIGNED) {
            book.cool(address, until, now);
        }
    }

    private void resolveClaim(Holding claim, Block block, Instant now) {
        PooledAddress address = block.address(claim.assignment().address(), now);
        if (address.use() == PooledAddress.Use.ASSIGNED) {
            return; // another sandbox has it: the claim waits until that one goes
        }
        book.disputes().settle(claim.assignment());
        book.assign(address, claim, now);
        out.write(new JournalRecord.DisputeResolved(address.address(), now));
        out.notice(PoolNotice.of(
                        PoolNotice.Kind.DISPUTE_RESOLVED,
                        "EC2 lists the address of a running pod after all: the pod has it undisputed")
                .with("address", address.address().getHostAddress())
                .with("pod", claim.assignment().pod()));
    }
}
