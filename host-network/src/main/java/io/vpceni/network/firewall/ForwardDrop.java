package io.vpceni.network.firewall;

/// A chain of the node's firewall that drops packets of pods.
///
/// @param chain for example `ip filter FORWARD`
/// @param byPolicy whether the chain's policy drops; otherwise a rule
/// @param fromPods what happens to a connection that a pod opens
/// @param toPods what happens to a connection to a pod that arrives by an ENI
/// @param command lets pods' packets pass; of the program that owns the chain
public record ForwardDrop(String chain, boolean byPolicy, Fate fromPods, Fate toPods, String command) {

    /// What happens to a packet.
    public enum Fate {
        PASSES,
        /// Some rules accept some packets, and whether these are all that pods need was not determined.
        MAY_BE_DROPPED,
        DROPPED
    }

    /// Whether it is known that packets are dropped.
    public boolean isCertain() {
        return fromPods == Fate.DROPPED || toPods == Fate.DROPPED;
    }

    /// A sentence for a person.
    public String text() {
        String how = byPolicy ? " (policy drop)" : "";
        return "chain " + chain + how + " of this node's firewall " + effect();
    }

    private String effect() {
        if (fromPods == toPods) {
            return verb(fromPods) + " what pods send and what is sent to them";
        }
        if (fromPods == Fate.PASSES || (toPods == Fate.DROPPED && fromPods == Fate.MAY_BE_DROPPED)) {
            return verb(toPods) + " what is sent to pods"
                    + (fromPods == Fate.PASSES ? "" : " and " + verb(fromPods) + " what they send");
        }
        return verb(fromPods) + " what pods send"
                + (toPods == Fate.PASSES ? "" : " and " + verb(toPods) + " what is sent to them");
    }

    private static String verb(Fate fate) {
        return switch (fate) {
            case PASSES -> "lets pass";
            case MAY_BE_DROPPED -> "may drop";
            case DROPPED -> "drops";
        };
    }
}
