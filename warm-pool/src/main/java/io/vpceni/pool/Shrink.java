package io.vpceni.pool;

import io.vpceni.pool.policy.WarmTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which blocks and ENIs that nobody needs go into quarantine. [Reclamation] verifies them after that, and gives them
/// back.
///
/// In quarantine an address serves no ADD, unless nothing else is there: then it is taken out again.
final class Shrink {

    /// The minimum age of an ENI before it is removed.
    static final Duration ENI_AGE_MIN = Duration.ofSeconds(60);

    private final AddressBook book;
    private final BlockIndex index;
    private final Quarantine quarantine;
    private final Reclamation reclamation;

    /// When an ENI that would go is old enough.
    private Optional<Instant> oldEnoughAt = Optional.empty();

    Shrink(AddressBook book, BlockIndex index, Quarantine quarantine, Reclamation reclamation) {
        this.book = book;
        this.index = index;
        this.quarantine = quarantine;
        this.reclamation = reclamation;
    }

    /// Puts into quarantine what is not wanted, and has verified what was there long enough.
    ///
    /// @param othersDrain whether idle blocks of a kind that the mode does not prefer are to go
    void plan(WarmTarget target, boolean othersDrain, Instant now) {
        oldEnoughAt = Optional.empty();
        if (othersDrain && target.more() == 0 && book.totals().others() > 0) {
            quarantineIdleOthers(now);
        }
        boolean surplus = target.fewer() > 0 && book.totals().idleBlocks() > 0;
        if (surplus || (target.more() == 0 && anEniIsEmpty())) {
            long left = quarantineOthers(target.fewer(), now);
            left = quarantineEnis(left, now);
            if (target.unit() == WarmTarget.Unit.BLOCK) {
                quarantinePreferred(left, now);
            }
        }
        reclamation.verifyDue(now);
    }

    /// Gives nothing back: what was in quarantine serves again. What is unverified is verified all the same.
    void giveNothingBack(Instant now) {
        oldEnoughAt = Optional.empty();
        quarantine.reclaim(Long.MAX_VALUE, now);
        reclamation.verifyDue(now);
    }

    private boolean anEniIsEmpty() {
        return index.enis().stream()
                .anyMatch(eni -> eni.blocks().isEmpty()
                        && !eni.primary()
                        && eni.takesPods()
                        && !eni.activity().isRemoval());
    }

    private void quarantineIdleOthers(Instant now) {
        for (PooledEni eni : index.enis()) {
            List.copyOf(eni.blocks().others()).stream()
                    .filter(Block::isIdle)
                    .forEach(block -> quarantine.add(block, now));
        }
    }

    /// ENIs that nobody uses, the last attached first, as long as the surplus covers all their addresses.
    ///
    /// @return what is left of the surplus
    private long quarantineEnis(long surplus, Instant now) {
        long left = surplus;
        for (PooledEni eni : index.enisByDeviceIndex().reversed()) {
            long addresses = eni.blocks().addresses();
            if (!mayBeRemoved(eni) || addresses > left) {
                continue;
            }
            Instant oldEnough = eni.arrivedAt().plus(ENI_AGE_MIN);
            if (oldEnough.isAfter(now)) {
                oldEnoughAt = oldEnoughAt.filter(at -> at.isBefore(oldEnough)).or(() -> Optional.of(oldEnough));
                continue;
            }
            eni.planRemoval(eni.blocks().isEmpty() ? Optional.of(now.plus(Quarantine.TIME)) : Optional.empty());
            List.copyOf(eni.blocks().all()).forEach(block -> quarantine.add(block, now));
            left -= addresses;
        }
        return left;
    }

    /// Whether nobody uses the ENI and nothing goes on with it.
    static boolean mayBeRemoved(PooledEni eni) {
        return !eni.primary()
                && eni.takesPods()
                && eni.isIdle()
                && !eni.isBusy()
                && !eni.activity().isRemoval();
    }

    /// Idle blocks of the kind that the mode prefers.
    ///
    /// @return what is left of the surplus
    private long quarantinePreferred(long surplus, Instant now) {
        return quarantineIdle(surplus, true, now);
    }

    /// Idle blocks of any other kind.
    ///
    /// @return what is left of the surplus
    private long quarantineOthers(long surplus, Instant now) {
        return book.totals().others() == 0 ? surplus : quarantineIdle(surplus, false, now);
    }

    /// From the emptiest ENI on, the primary ENI last.
    private long quarantineIdle(long surplus, boolean preferred, Instant now) {
        long left = surplus;
        for (PooledEni eni : emptiestFirst()) {
            for (Block block : List.copyOf(eni.blocks().idle().descendingSet())) {
                if (book.prefers(block) == preferred && block.kind().addresses() <= left) {
                    quarantine.add(block, now);
                    left -= block.kind().addresses();
                }
            }
        }
        return left;
    }

    private List<PooledEni> emptiestFirst() {
        return index.enis().stream()
                .filter(eni -> eni.takesPods() && !eni.blocks().idle().isEmpty())
                .sorted(PooledEni.FULLEST_FIRST.reversed())
                .toList();
    }

    /// When something in quarantine can be verified, or an ENI that would go is old enough.
    Optional<Instant> nextDue() {
        return Stream.concat(oldEnoughAt.stream(), quarantine.nextDue().stream())
                .min(Comparator.naturalOrder());
    }
}
