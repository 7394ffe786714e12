package io.vpceni.pool;

/// How many addresses are in which state, of the ENIs that take pods. Kept up block by block; none passes 2^63, for a
/// prefix has at most 2^48 addresses and a node at most some thousand prefixes.
final class Totals {

    private long preferred;
    private long others;
    private long assigned;
    private long assignedDisputed;
    private long cooling;
    private long quarantined;
    private long leaving;
    private long disputed;
    private int idleBlocks;

    /// Adds what a block has, or with a sign of -1 takes it away.
    void count(Block block, BlockKind preferredKind, int sign) {
        PooledEni eni = block.eni();
        eni.blocks().count(block, sign);
        if (!eni.takesPods()) {
            return;
        }
        long by = sign;
        switch (block.state()) {
            case BlockState.Active _ -> {
                if (block.kind() == preferredKind) {
                    preferred += by * block.freeCount();
                } else {
                    others += by * block.freeCount();
                }
                assigned += by * block.assigned();
                cooling += by * block.cooling();
                disputed += by * block.unknownHolders();
                idleBlocks += block.isIdle() ? sign : 0;
            }
            case BlockState.Quarantined _ -> quarantined += by * block.kind().addresses();
            case BlockState.Leaving _, BlockState.Removed _ ->
                leaving += by * block.kind().addresses();
            case BlockState.Disputed _ -> {
                assignedDisputed += by * block.assigned();
                cooling += by * block.cooling();
                disputed += by * (block.freeCount() + block.unknownHolders());
            }
        }
    }

    /// Free, in blocks of the kind that the mode prefers.
    long preferred() {
        return preferred;
    }

    /// Free, in blocks of another kind.
    long others() {
        return others;
    }

    /// Sandboxes have them, undisputed.
    long assigned() {
        return assigned;
    }

    /// Sandboxes have them and EC2 does not list their block.
    long assignedDisputed() {
        return assignedDisputed;
    }

    long cooling() {
        return cooling;
    }

    long quarantined() {
        return quarantined;
    }

    long leaving() {
        return leaving;
    }

    /// Disputed, and no sandbox of the pool's has them.
    long disputed() {
        return disputed;
    }

    /// Blocks all of whose addresses are free.
    int idleBlocks() {
        return idleBlocks;
    }

    /// Every address that is here, in whatever state.
    long held() {
        return preferred + others + assigned + assignedDisputed + cooling + quarantined + leaving + disputed;
    }
}
