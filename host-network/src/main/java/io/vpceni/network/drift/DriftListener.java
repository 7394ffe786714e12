package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.network.firewall.ForwardDrop;
import java.util.List;

/// Hears what was found. On the thread that repairs, which waits meanwhile: hand over and return.
public interface DriftListener {

    /// Links, addresses, routes and rules were listed and compared.
    void checked();

    /// Put right.
    ///
    /// @param count of objects
    void repaired(DriftKind kind, int count);

    /// Found and left as it is: the kernel refused, or it is not ours to change.
    void left(DriftKind kind, int count);

    /// The chains of the node's firewall in which packets of pods end: all that there are now, told again and again.
    void forwardDrops(List<ForwardDrop> drops);

    /// The ENI's link is gone, has no carrier, or could not be put right: what leaves by it is lost.
    ///
    /// @param reason for people
    void eniLost(MacAddress eni, String reason);

    /// The ENI's link carries packets again.
    void eniBack(MacAddress eni);
}
