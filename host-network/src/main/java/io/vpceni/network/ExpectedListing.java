package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import java.util.Optional;

/// How a table of ours is listed while it is as it should be. Only the kernel knows: it is learnt when the table is
/// compared for the first time, from what is listed right after the table was put there anew. On the thread that has
/// the context.
final class ExpectedListing {

    private Optional<String> expected = Optional.empty();

    /// Puts the whole table there, in one transaction.
    @FunctionalInterface
    interface Replacement {
        void run() throws NetlinkFailure;
    }

    /// Lists the table.
    @FunctionalInterface
    interface Listing {
        String text() throws NetlinkFailure;
    }

    /// @return false also when it is not known yet how it should be
    boolean is(String found) {
        return expected.equals(Optional.of(found));
    }

    /// Puts the table there anew and learns how it is listed, unless somebody else changed it in between.
    ///
    /// @param found how it was listed before
    /// @return whether it was otherwise before
    boolean renew(Nftables nft, String found, Replacement replacement, Listing listing) throws NetlinkFailure {
        int before = nft.generation();
        replacement.run();
        String now = listing.text();
        boolean undisturbed = nft.generation() == before + 1;
        if (undisturbed || now.equals(found)) {
            expected = Optional.of(now);
        }
        return !now.equals(found);
    }
}
