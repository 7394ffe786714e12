package io.vpceni.eni;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// What is known of the addresses of one ENI. Guarded by [#lock], which is held across a call to EC2: one change of
/// an ENI at a time, else an address could be told to two who asked.
final class HeldEni {

    final ReentrantLock lock = new ReentrantLock();

    private final Set<InetAddress> known = new HashSet<>();

    private boolean doubtful;

    HeldEni(InetAddress primaryAddress, Collection<InetAddress> secondaryAddresses) {
        known.add(primaryAddress);
        known.addAll(secondaryAddresses);
    }

    /// Takes note of addresses and gives back those that are new, each once, in the order given.
    List<InetAddress> learn(Collection<InetAddress> addresses) {
        List<InetAddress> fresh = new ArrayList<>();
        for (InetAddress address : addresses) {
            if (known.add(address)) {
                fresh.add(address);
            }
        }
        return List.copyOf(fresh);
    }

    /// Whether an answer was lost since EC2 was last heard: what it did may still come to light.
    boolean isDoubtful() {
        return doubtful;
    }

    void doubtful(boolean now) {
        doubtful = now;
    }
}
