package io.vpceni.ipamd;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsFailure;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The IPv4 blocks of this node's VPC, as far as they were told. A VPC can get more while its nodes run
/// (`AssociateVpcCidrBlock`), so IMDS is asked again when it matters. A block that it leaves out then stays, for no
/// single view decides anything. Thread-safe.
final class VpcBlocks {
    private static final Logger log = LoggerFactory.getLogger(VpcBlocks.class);

    private final Imds imds;

    /// No more than a VPC has in the life of ipamd.
    private final Set<Cidr> known = new LinkedHashSet<>();

    VpcBlocks(Imds imds) {
        this.imds = imds;
    }

    synchronized void learn(Collection<Cidr> told) {
        known.addAll(told);
    }

    /// Those of the addresses that are in the VPC. Asks IMDS, for seconds at most, when some are in no block that is
    /// known.
    Set<InetAddress> having(Set<InetAddress> addresses) {
        Set<InetAddress> inside = inKnown(addresses);
        if (inside.size() < addresses.size()) {
            askAgain();
            return inKnown(addresses);
        }
        return inside;
    }

    private synchronized Set<InetAddress> inKnown(Set<InetAddress> addresses) {
        return addresses.stream()
                .filter(address -> known.stream().anyMatch(block -> block.contains(address)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private void askAgain() {
        try {
            List<Cidr> told = imds.identity().vpcCidrs();
            learn(told);
        } catch (ImdsFailure e) {
            log.atDebug()
                    .addKeyValue("reason", e.getMessage())
                    .log("IMDS does not tell the VPC's blocks; what was known before counts, and the next look asks"
                            + " again");
        }
    }
}
