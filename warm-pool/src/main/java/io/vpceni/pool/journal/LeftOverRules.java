package io.vpceni.pool.journal;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/// Which rules are to be deleted because their sandbox is gone: they would keep their address from everybody. Mutable.
///
/// A sandbox that is wired while a look goes on may show with its rules and without its link. So what only rules name
/// has to be seen in two looks.
public final class LeftOverRules {

    private Set<InetAddress> before = Set.of();

    /// Takes the next look in.
    ///
    /// @return addresses whose rules are to be deleted
    public Set<InetAddress> seen(KernelLook look) {
        Set<InetAddress> now = look.onlyRuled();
        Set<InetAddress> twice = new HashSet<>(now);
        twice.retainAll(before);
        before = now;
        return twice;
    }
}
