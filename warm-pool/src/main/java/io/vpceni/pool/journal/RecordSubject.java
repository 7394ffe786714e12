package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.pool.BlockKind;
import java.net.InetAddress;

/// What a record is about: at most one record of each is remembered.
sealed interface RecordSubject {
    record Holder(AttachmentKey key) implements RecordSubject {}

    record Cooling(InetAddress address) implements RecordSubject {}

    record Tombstone(AttachmentKey key) implements RecordSubject {}

    record ReturnedBlock(Cidr block) implements RecordSubject {}

    /// A block that is here again is named by its first address; its disputes by the addresses in it.
    static boolean isResolvedBy(InetAddress resolved, InetAddress disputed) {
        if (resolved.equals(disputed)) {
            return true;
        }
        int bits =
                disputed.getAddress().length == 4 ? BlockKind.PREFIX.prefixBits() : BlockKind.IPV6_PREFIX.prefixBits();
        return Cidr.containing(disputed, bits).network().equals(resolved);
    }
}
