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

/// Deletes rules that no sandbox stands behind. While pods come and go: a survey only names candidates, and each is
/// judged again with its address held, right before it goes.
final class RuleSweep {

    private final WiredPods wired;
    private final AddressLocks locks;

    RuleSweep(WiredPods wired, AddressLocks locks) {
        this.wired = wired;
        this.locks = locks;
    }

    /// @param candidates each about one address
    /// @return how many went
    int sweep(NetlinkSocket host, List<Rule> candidates) throws NetworkFailure {
        int swept = 0;
        for (Rule rule : candidates) {
            Optional<InetAddress> address = Sweep.subject(rule).map(Cidr::network);
            if (address.isPresent() && locks.holding(address.get(), () -> sweep(host, rule, address.get()))) {
                swept++;
            }
        }
        return swept;
    }

    private boolean sweep(NetlinkSocket host, Rule rule, InetAddress address) throws NetlinkFailure {
        return isNobodys(host, address) && host.requestUnless(Rules.delete(rule), Errno.ENOENT);
    }

    /// A sandbox is there while its link is, whether or not its DEL came.
    private boolean isNobodys(NetlinkSocket host, InetAddress address) throws NetlinkFailure {
        Optional<WiredPods.Entry> entry = wired.having(address);
        if (entry.isPresent()) {
            if (host.link(entry.get().linkIndex()).isPresent()) {
                return false;
            }
            var _ = wired.remove(entry.get().identity());
        }
        return host.hostRoute(address).isEmpty();
    }
}
