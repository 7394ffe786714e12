package io.vpceni.pool;

import io.vpceni.config.PoolMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// For how many blocks to ask, and on which ENI: a pure function.
///
/// ENIs that are here are filled first, several at once; what is missing while a request is pending on one goes into
/// its next request. Only what does not fit on them is asked for as new ENIs. Where the subnet has no contiguous
/// prefix, or a whole prefix would pass the cap, single addresses are asked for.
final class GrowthSizing {

    /// What is known when it is decided.
    ///
    /// @param missing addresses; with IPv6 prefixes. 1 or more
    /// @param wholeEnis whether growth rounds up to full ENIs
    /// @param capLeft addresses (prefixes) that may still be asked for before the node has one for each pod
    /// @param enis those that have room, in the order in which they are filled
    /// @param newEnis what new ENIs may be asked for
    /// @param batchMax the most blocks in one request
    /// @param prefixBatchMax the most prefixes in one request
    /// @param backOffs what is not to be asked for yet
    record Situation(
            PoolMode mode,
            long missing,
            boolean wholeEnis,
            long capLeft,
            List<EniRoom> enis,
            NewEnis newEnis,
            int batchMax,
            int prefixBatchMax,
            BackOffs backOffs) {
        Situation {
            enis = List.copyOf(enis);
        }
    }

    /// An ENI that has room for more blocks.
    ///
    /// @param room 1 or more
    /// @param batchMax the most blocks that may be asked for in one call
    /// @param busy whether a request about it is pending
    /// @param searchesItsLimit whether its last refusal only means that the next request asks for less
    /// @param retryAt until when it is not to be asked for; empty: at once
    record EniRoom(
            EniId eni, int room, int batchMax, boolean busy, boolean searchesItsLimit, Optional<Instant> retryAt) {}

    /// @param blocksMax the most blocks that a new ENI is asked to bring
    /// @param roomOnPending addresses (prefixes) that fit on ENIs which are on their way, beyond what was asked for
    /// @param freePlaces by network card, ENIs that may be added
    record NewEnis(int blocksMax, long roomOnPending, List<Integer> freePlaces) {
        NewEnis {
            freePlaces = List.copyOf(freePlaces);
        }
    }

    /// Until when requests of a kind are not to be made; empty: they may be made now.
    ///
    /// @param moreBlocks on ENIs that are here
    /// @param newEnis new ENIs
    /// @param prefixes prefixes, wherever
    record BackOffs(Optional<Instant> moreBlocks, Optional<Instant> newEnis, Optional<Instant> prefixes) {}

    /// One request to make.
    sealed interface Ask {
        BlockKind kind();

        /// Blocks; 1 or more.
        int count();

        record OnEni(EniId eni, BlockKind kind, int count) implements Ask {}

        record OnNewEni(int networkCard, BlockKind kind, int count) implements Ask {}
    }

    /// @param asks in the order in which they are made
    /// @param retryAt when something that is needed and backs off may be asked for; empty: nothing is
    record GrowthPlan(List<Ask> asks, Optional<Instant> retryAt) {
        GrowthPlan {
            asks = List.copyOf(asks);
        }
    }

    private final Situation situation;
    private final List<Ask> asks = new ArrayList<>();
    private final int[] freePlaces;
    private Optional<Instant> retryAt = Optional.empty();
    private long missing;
    private long capLeft;

    private GrowthSizing(Situation situation) {
        this.situation = situation;
        this.missing = situation.missing();
        this.capLeft = situation.capLeft();
        this.freePlaces = situation.newEnis().freePlaces().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /// What to ask for.
    static GrowthPlan plan(Situation situation) {
        GrowthSizing sizing = new GrowthSizing(situation);
        sizing.fillEnis();
        sizing.addEnis();
        return new GrowthPlan(sizing.asks, sizing.retryAt);
    }

    /// In what growth counts: addresses, or with IPv6 prefixes.
    static long size(BlockKind kind) {
        return kind == BlockKind.IPV6_PREFIX ? 1 : kind.addresses();
    }

    private void fillEnis() {
        if (backsOff(situation.backOffs().moreBlocks())) {
            return;
        }
        for (EniRoom eni : situation.enis()) {
            if (missing <= 0) {
                return;
            }
            BlockKind kind = kind();
            if (!eni.busy() && !backsOff(eni.retryAt())) {
                long blocks =
                        situation.wholeEnis() ? eni.room() : Math.min(eni.room(), Math.ceilDiv(missing, size(kind)));
                int count = (int) Math.min(Math.min(blocks, eni.batchMax()), batchMax(kind));
                if (count > 0) {
                    ask(new Ask.OnEni(eni.eni(), kind, count));
                    missing -= eni.room() * size(kind); // the rest is asked for when the answer is here
                }
            } else if (eni.busy() || eni.searchesItsLimit()) {
                missing -= eni.room() * size(kind);
            }
        }
    }

    private void addEnis() {
        int blocksMax = situation.newEnis().blocksMax();
        missing -= situation.newEnis().roomOnPending();
        while (missing > 0
                && blocksMax > 0
                && capLeft > 0
                && !backsOff(situation.backOffs().newEnis())) {
            int card = cardWithPlace();
            BlockKind kind = kind();
            long blocks = situation.wholeEnis() ? blocksMax : Math.min(blocksMax, Math.ceilDiv(missing, size(kind)));
            int count = (int) Math.min(blocks, batchMax(kind));
            if (card < 0 || count <= 0) {
                return;
            }
            ask(new Ask.OnNewEni(card, kind, count));
            freePlaces[card]--;
            missing -= blocksMax * size(kind);
        }
    }

    private void ask(Ask ask) {
        asks.add(ask);
        capLeft -= ask.count() * size(ask.kind());
    }

    /// @return -1 when none has one
    private int cardWithPlace() {
        for (int card = 0; card < freePlaces.length; card++) {
            if (freePlaces[card] > 0) {
                return card;
            }
        }
        return -1;
    }

    /// A prefix only when one can be had and keeps below the cap.
    private BlockKind kind() {
        return switch (situation.mode()) {
            case ADDRESSES -> BlockKind.ADDRESS;
            case IPV6 -> BlockKind.IPV6_PREFIX;
            case PREFIXES ->
                capLeft < BlockKind.PREFIX.addresses()
                                || backsOff(situation.backOffs().prefixes())
                        ? BlockKind.ADDRESS
                        : BlockKind.PREFIX;
        };
    }

    private long batchMax(BlockKind kind) {
        long most = Math.min(situation.batchMax(), capLeft / size(kind));
        return kind == BlockKind.PREFIX ? Math.min(most, situation.prefixBatchMax()) : most;
    }

    /// Whether something that is needed backs off; then its time is noted.
    private boolean backsOff(Optional<Instant> until) {
        retryAt = Stream.concat(retryAt.stream(), until.stream()).min(Comparator.naturalOrder());
        return until.isPresent();
    }
}
