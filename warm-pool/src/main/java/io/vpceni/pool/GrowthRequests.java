package io.vpceni.pool;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// What was asked of EC2 and is not here yet, in numbers.
final class GrowthRequests {

    /// Room that a request with a lost answer may have taken: EC2's views tell, and two of them are needed.
    private record Reserved(long addresses, Instant until) {}

    private final Requests requests;
    private final Deque<Reserved> reserved = new ArrayDeque<>();
    private final int[] enisByCard;
    private long addresses;
    private int enis;

    GrowthRequests(Requests requests, int cards) {
        this.requests = requests;
        this.enisByCard = new int[cards];
    }

    /// More blocks are asked for on an ENI.
    ///
    /// @return the request's number
    long open(PooledEni eni, BlockKind kind, int count, Instant now) {
        eni.startGrowing(count);
        addresses += count * GrowthSizing.size(kind);
        return requests.open(new Requests.MoreBlocks(eni, kind, count, now));
    }

    /// A new ENI is asked for.
    ///
    /// @return the request's number
    long openNewEni(int card, BlockKind kind, int count, Instant now) {
        enis++;
        enisByCard[card]++;
        addresses += count * GrowthSizing.size(kind);
        return requests.open(new Requests.NewEni(card, kind, count, now));
    }

    /// A request is answered, however.
    void close(Requests.MoreBlocks asked) {
        asked.eni().answered();
        addresses -= asked.count() * GrowthSizing.size(asked.kind());
    }

    /// A request is answered, however.
    void close(Requests.NewEni asked) {
        enis--;
        enisByCard[asked.networkCard()]--;
        addresses -= asked.count() * GrowthSizing.size(asked.kind());
    }

    /// The answer was lost: what was asked for may have been given.
    void reserve(BlockKind kind, int count, Instant now) {
        reserved.addLast(new Reserved(count * GrowthSizing.size(kind), now.plus(Lag.MAX.multipliedBy(4))));
    }

    /// Addresses (with IPv6 prefixes) that may have been given though the answer was lost.
    long reserved(Instant now) {
        while (!reserved.isEmpty() && !reserved.getFirst().until().isAfter(now)) {
            reserved.removeFirst();
        }
        return reserved.stream().mapToLong(Reserved::addresses).sum();
    }

    /// Addresses on their way; with IPv6 prefixes.
    long addresses() {
        return addresses;
    }

    /// ENIs on their way.
    int enis() {
        return enis;
    }

    int enisOn(int card) {
        return enisByCard[card];
    }

    /// Addresses (prefixes) that fit on ENIs which are on their way, beyond what was asked for.
    long roomOnPendingEnis(int blocksMax) {
        long room = 0;
        for (Requests.Pending asked : requests.pending()) {
            if (asked instanceof Requests.NewEni(int _, BlockKind kind, int count, Instant _)) {
                room += Math.max(0, blocksMax - count) * GrowthSizing.size(kind);
            }
        }
        return room;
    }
}
