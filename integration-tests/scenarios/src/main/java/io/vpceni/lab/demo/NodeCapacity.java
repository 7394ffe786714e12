package io.vpceni.lab.demo;

import io.vpceni.lab.world.TypeLimits;

/// How many pods the nodes of a demo can carry, and where their addresses must be, by the limits of the instance type.
///
/// @param prefixes each slot holds a block of 16 addresses, not one
record NodeCapacity(TypeLimits limits, boolean prefixes) {
    static final int PREFIX_ADDRESSES = 16;
    private static final int PODS_MIN = 6;
    private static final int PODS_MAX = 60; // each is a network namespace, and each speaks with others

    int podsPerEni() {
        return limits.slotsPerEni() * (prefixes ? PREFIX_ADDRESSES : 1);
    }

    /// On all its ENIs together.
    int podsPerNode() {
        return podsPerEni() * limits.enis();
    }

    /// So many that a second ENI is needed, if the type has one and that takes no crowd; one address stays for the pod
    /// that comes last.
    int podsThatSuit() {
        int needSecond = Math.max(PODS_MIN, podsPerEni() + 2);
        int wanted = needSecond > PODS_MAX ? PODS_MIN : needSecond;
        return Math.max(1, Math.min(wanted, podsPerNode() - 1));
    }

    /// ENIs that so many pods need at least.
    int enisFor(int pods) {
        return Math.ceilDiv(pods, podsPerEni());
    }
}
