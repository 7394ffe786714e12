package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import java.util.Optional;

/// The expected listing of one of our tables. Only the kernel knows what the table looks like when it is listed,
/// so it is learned when the table is compared for the first time: the table is replaced and then listed. For the
/// thread that owns the nftables context.
final class ExpectedListing {

    private Optional<String> expected = Optional.empty();

    /// Replaces the whole table in one transaction.
    @FunctionalInterface
    interface Replacement {
        void run() throws NetlinkFailure;
    }

    /// Lists the table.
    @FunctionalInterface
    interface Listing {
        String text() throws NetlinkFailure;
    }

    /// @return false also when the expected listing is not known yet
    boolean is(String found) {
        return expected.equals(Optional.of(found));
    }

    /// Replaces the table and learns its listing, unless another program changed the table in between.
    ///
    /// @param found the listing before
    /// @return whether the table was different before
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
