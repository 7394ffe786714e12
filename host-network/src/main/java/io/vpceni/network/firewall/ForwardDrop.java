package io.vpceni.network.firewall;

/// A chain of the node's firewall in which packets of pods end.
///
/// @param chain as `ip filter FORWARD`
/// @param byPolicy whether it is the chain's policy that drops; else a rule
/// @param fromPods what becomes of a connection that a pod begins
/// @param toPods what becomes of a connection to a pod that comes in by an ENI
/// @param command of whoever owns the chain, that lets pods' packets pass
public record ForwardDrop(String chain, boolean byPolicy, Fate fromPods, Fate toPods, String command) {

    /// What becomes of a packet.
    public enum Fate {
        PASSES,
        /// Some rules let some packets pass, and whether they are all that pods need was not found out.
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
