package io.vpceni.pool;

import java.net.InetAddress;
import java.util.Optional;

/// Something that people should hear of, for the log and the metrics. Says nothing that the pool needs done.
///
/// @param address the address that it is about; empty when it is about an ENI or the pool
/// @param text one sentence
public record PoolNotice(Kind kind, Optional<InetAddress> address, String text) {

    /// What happened.
    public enum Kind {
        /// The views disagree about an address: it is kept and not handed out.
        DISPUTED,
        /// The views agree again.
        AGREED,
        /// EC2 and the kernel agree that a disputed address is this node's no longer.
        GONE,
        /// The kernel has no sandbox for an address any more though no DEL came: it was taken back.
        DEL_LOST,
        /// A block or an ENI went back to EC2.
        RETURNED,
        /// EC2 has no contiguous prefix: single addresses for now.
        PREFIXES_OFF,
        /// Prefixes can be had again.
        PREFIXES_ON,
        /// An answer from outside that could not be true.
        CONTRADICTION
    }
}
