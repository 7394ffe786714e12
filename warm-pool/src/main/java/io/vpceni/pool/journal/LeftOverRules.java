package io.vpceni.pool.journal;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/// Which rules are to be deleted because their sandbox is gone: they would keep their address from everybody. Mutable.
///
/// While a sandbox is being wired the kernel may show its rules before its link. So an address that only rules name has
/// to be seen twice, one time after the other.
public final class LeftOverRules {

    private Set<InetAddress> before = Set.of();

    /// Compares with the state before.
    ///
    /// @return addresses whose rules are to be deleted
    public Set<InetAddress> seen(KernelPodState state) {
        Set<InetAddress> now = state.onlyRuled();
        Set<InetAddress> twice = new HashSet<>(now);
        twice.retainAll(before);
        before = now;
        return twice;
    }
}
