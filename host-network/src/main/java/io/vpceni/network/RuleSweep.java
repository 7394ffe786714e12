package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Rule;
import io.vpceni.netlink.Rules;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;

/// Deletes rules that belong to no sandbox. May run while pods are added and deleted: a survey only names
/// candidates. Each is checked again, with its address locked, right before it is deleted.
final class RuleSweep {

    private final WiredPods wired;
    private final AddressLocks locks;

    RuleSweep(WiredPods wired, AddressLocks locks) {
        this.wired = wired;
        this.locks = locks;
    }

    /// @param candidates each for one address
    /// @param gone receives the pods that were wired and whose link turned out to be gone; also when this
    ///     fails
    /// @return the number of deleted rules
    int sweep(NetlinkSocket host, List<Rule> candidates, List<WiredPods.Entry> gone) throws NetworkFailure {
        int rules = 0;
        for (Rule rule : candidates) {
            Optional<InetAddress> address = Sweep.subject(rule).map(Cidr::network);
            if (address.isPresent() && locks.holding(address.get(), () -> sweep(host, rule, address.get(), gone))) {
                rules++;
            }
        }
        return rules;
    }

    private boolean sweep(NetlinkSocket host, Rule rule, InetAddress address, List<WiredPods.Entry> gone)
            throws NetlinkFailure {
        return isNobodys(host, address, gone) && host.requestUnless(Rules.delete(rule), Errno.ENOENT);
    }

    /// A sandbox exists while its link exists, whether or not its DEL arrived.
    private boolean isNobodys(NetlinkSocket host, InetAddress address, List<WiredPods.Entry> gone)
            throws NetlinkFailure {
        Optional<WiredPods.Entry> entry = wired.having(address);
        if (entry.isPresent()) {
            if (host.link(entry.get().linkIndex()).isPresent()) {
                return false;
            }
            if (wired.remove(entry.get())) {
                gone.add(entry.get());
            }
        }
        return host.hostRoute(address).isEmpty();
    }
}
