package io.vpceni.pool;

/// How many addresses are in which state, of the ENIs that take pods. Kept up block by block; none passes 2^63, for a
/// prefix has at most 2^48 addresses and a node at most some thousand prefixes.
final class Totals {

    /// Free, in blocks of the kind that the mode prefers.
    long preferred;

    /// Free, in blocks of another kind.
    long others;

    /// Sandboxes have them and the views agree.
    long assigned;

    /// Sandboxes have them and EC2 does not list their block.
    long assignedDisputed;

    long cooling;
    long quarantined;
    long leaving;

    /// No sandbox of the pool's has them, and the views disagree.
    long disputed;

    /// Blocks that nobody uses.
    int idleBlocks;

    /// Adds what a block has, or with a sign of -1 takes it away.
    void count(Block block, BlockKind preferredKind, int sign) {
        PooledEni eni = block.eni;
        eni.assigned += sign * block.assigned;
        eni.unsettled += sign * (block.cooling + block.unknownHolders);
        eni.notHere += block.state == Block.State.ACTIVE ? 0 : sign;
        if (!eni.takesPods()) {
            return;
        }
        long by = sign;
        switch (block.state) {
            case ACTIVE -> {
                if (block.kind == preferredKind) {
                    preferred += by * block.freeCount();
                } else {
                    others += by * block.freeCount();
                }
                assigned += by * block.assigned;
                cooling += by * block.cooling;
                disputed += by * block.unknownHolders;
                idleBlocks += block.isIdle() ? sign : 0;
            }
            case QUARANTINED -> quarantined += by * block.kind.addresses();
            case LEAVING -> leaving += by * block.kind.addresses();
            case DISPUTED -> {
                assignedDisputed += by * block.assigned;
                cooling += by * block.cooling;
                disputed += by * (block.freeCount() + block.unknownHolders);
            }
        }
    }

    /// Every address that is here, in whatever state.
    long held() {
        return preferred + others + assigned + assignedDisputed + cooling + quarantined + leaving + disputed;
    }
}
