package io.vpceni.network;

import io.vpceni.config.MacAddress;
import java.util.Optional;

/// The kernel as the links of this node's ENIs need it; [HostNetwork] is it by netlink and nftables.
public interface EniKernel {
    /// Makes the primary ENI's link ready for pods. Idempotent; waits for the link, bounded.
    void setUpPrimary(EniLink primary) throws NetworkFailure;

    /// Makes a secondary ENI's link ready for pods. Idempotent; waits for the link, bounded.
    ///
    /// @throws NetworkFailure LINK_NOT_FOUND: the link is not there
    void setUpEni(EniLink eni) throws NetworkFailure;

    /// Takes away what the kernel keeps of a secondary ENI that was detached. Nothing there: fine.
    void takeDownEni(EniLink eni) throws NetworkFailure;

    /// Replaces the rules by which packets that leave the VPC are translated, in one transaction.
    void applyNat(NatRules rules) throws NetworkFailure;

    /// Why nothing leaves by that ENI at the moment; empty: nothing is known against it.
    Optional<String> lost(MacAddress eni);
}
