package io.vpceni.pool;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/// Tells the pool what was before ipamd started: who has which address, and which addresses cool.
final class RestoredAddresses {
    private static final String NOT_LISTED =
            "EC2 does not list the address of a running pod: the pod keeps it, nobody else gets it";
    private static final String TWO_SANDBOXES =
            "Two running pods have the same address: both keep it, nobody else gets it; delete one of them";

    private final AddressBook book;
    private final BlockIndex index;
    private final Outbox out;

    RestoredAddresses(AddressBook book, BlockIndex index, Outbox out) {
        this.book = book;
        this.index = index;
        this.out = out;
    }

    /// A sandbox of before the restart. An address that EC2 did not list, or that another sandbox has, is disputed.
    void sandbox(Holding holding, Instant now) {
        Assignment assignment = holding.assignment();
        if (book.holding(assignment.key()).isPresent()) {
            book.unexpectedAnswer(PoolNotice.of(
                            PoolNotice.Kind.UNEXPECTED_ANSWER,
                            "A sandbox was restored twice: the second time is ignored")
                    .with("key", assignment.key()));
            return;
        }
        Optional<Block> block = index.blockOf(assignment.address());
        if (block.isEmpty()) {
            claim(holding, NOT_LISTED, now);
            return;
        }
        PooledAddress address = block.get().address(assignment.address(), now);
        if (address.use() == PooledAddress.Use.ASSIGNED) {
            book.unexpectedAnswer();
            claim(holding, TWO_SANDBOXES, now);
            return;
        }
        if (!block.get().isActive()) {
            book.dispute(block.get(), now, now); // it was to leave, and yet a sandbox has it
        }
        book.assign(address, holding, now);
    }

    private void claim(Holding holding, String why, Instant now) {
        Assignment claim = holding.assignment();
        book.disputes().add(holding);
        out.write(new JournalRecord.Assigned(claim, now, holding.since(), holding.ticket()));
        out.write(new JournalRecord.Disputed(claim.address(), claim.eni(), Optional.of(claim.key()), now));
        out.notice(PoolNotice.of(PoolNotice.Kind.DISPUTED, why)
                .with("address", claim.address().getHostAddress())
                .with("pod", claim.pod())
                .with("eni", claim.eni()));
    }

    /// An address that cooled before the restart. Also one that no ENI has, for EC2 may list it soon.
    void cooling(InetAddress address, Instant until, Instant now) {
        Optional<Block> block = index.blockOf(address);
        if (block.isEmpty()) {
            book.disputes().cool(address, until);
        } else if (block.get().address(address, now).use() == PooledAddress.Use.FREE && until.isAfter(now)) {
            book.cool(block.get().address(address, now), until, now);
        }
    }
}
