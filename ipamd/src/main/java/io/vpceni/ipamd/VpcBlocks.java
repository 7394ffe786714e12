package io.vpceni.ipamd;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The known IPv4 blocks of this node's VPC. A VPC can get more while its nodes run (`AssociateVpcCidrBlock`), so IMDS
/// is asked once a minute. A block that IMDS no longer lists stays in use. Thread-safe.
final class VpcBlocks {
    private static final Logger log = LoggerFactory.getLogger(VpcBlocks.class);

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    /// Puts all current blocks into use.
    @FunctionalInterface
    interface Use {
        void of(List<Cidr> blocks) throws IOException;
    }

    private final Imds imds;

    /// Bound: a VPC has fewer blocks.
    private final Set<Cidr> known = new LinkedHashSet<>();

    /// The blocks in use. Used by one thread after [#learn].
    private List<Cidr> inUse = List.of();

    VpcBlocks(Imds imds) {
        this.imds = imds;
    }

    /// From now on asks once a minute.
    PeriodicTask watch(Use use) {
        return new PeriodicTask(
                        Thread.ofVirtual().name("vpc-blocks"), EVERY, STOP_MAX, PeriodicTask.Ending.INTERRUPTED, () -> {
                            look(use);
                            return true;
                        })
                .start();
    }

    /// These are in use already.
    synchronized void learn(Collection<Cidr> told) {
        known.addAll(told);
        inUse = List.copyOf(known);
    }

    /// Asks IMDS once and puts new blocks into use; when that fails, the next check repeats it.
    void look(Use use) {
        List<Cidr> all = told();
        if (all.equals(inUse)) {
            return;
        }
        List<Cidr> added = all.stream().filter(block -> !inUse.contains(block)).toList();
        try {
            use.of(all);
            inUse = all;
            log.atInfo()
                    .addKeyValue("blocks", added)
                    .log("The VPC has new address blocks: pods reach them with their own addresses, and pods in "
                            + "them reach the internet");
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("blocks", added)
                    .addKeyValue("reason", e.getMessage())
                    .log("The VPC has new address blocks, but the SNAT rules could not be updated; ipamd tries "
                            + "again within a minute");
        }
    }

    private List<Cidr> told() {
        try {
            List<Cidr> now = imds.vpcCidrs();
            synchronized (this) {
                known.addAll(now);
            }
        } catch (ImdsFailure e) {
            log.atDebug()
                    .addKeyValue("reason", e.getMessage())
                    .log("IMDS did not return the VPC's address blocks; ipamd uses those it knows and asks again "
                            + "within a minute");
        }
        synchronized (this) {
            return List.copyOf(known);
        }
    }

    /// The given addresses that are in the VPC.
    synchronized Set<InetAddress> having(Set<InetAddress> addresses) {
        return addresses.stream()
                .filter(address -> known.stream().anyMatch(block -> block.contains(address)))
                .collect(Collectors.toUnmodifiableSet());
    }
}
