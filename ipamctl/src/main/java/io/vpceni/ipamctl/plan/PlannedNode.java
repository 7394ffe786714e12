package io.vpceni.ipamctl.plan;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/// A node with simulated time. Times never go back.
interface PlannedNode {

    /// A pod wants an address, at or after all that was done so far.
    void arrive(String pod, Instant now);

    /// A pod ends, whether it ever had an address or not.
    void depart(String pod, Instant now);

    /// Does everything that is due until that moment.
    void advance(Instant until);

    /// What is on each ENI, in order of device index.
    List<EniHoldings> enis();

    /// EC2 calls so far, by name.
    SortedMap<String, Integer> calls();

    /// Why it holds what it holds, in words.
    String because();

    /// One ENI.
    ///
    /// @param addresses that pods can have or have
    /// @param prefixes how many of its blocks are prefixes
    /// @param idlePrefixes prefixes without a single pod
    record EniHoldings(int addresses, int prefixes, int idlePrefixes) {}
}
