package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.network.firewall.ForwardDrop;
import java.util.List;

/// Receives the results of checks. Called on the thread that repairs, which waits meanwhile: pass them on and
/// return.
public interface DriftListener {

    /// Links, addresses, routes and rules were listed and compared.
    void checked();

    /// Objects were repaired.
    ///
    /// @param count of objects
    void repaired(DriftKind kind, int count);

    /// Objects were found different and not repaired: the kernel refused, or they do not belong to ipamd.
    void left(DriftKind kind, int count);

    /// The chains of the node's firewall that drop packets of pods. Always the complete current list, reported
    /// repeatedly.
    void forwardDrops(List<ForwardDrop> drops);

    /// The ENI's link is gone, has no carrier, or could not be repaired: packets that leave by it are lost.
    ///
    /// @param reason for people
    void eniLost(MacAddress eni, String reason);

    /// The ENI's link carries packets again.
    void eniBack(MacAddress eni);
}
