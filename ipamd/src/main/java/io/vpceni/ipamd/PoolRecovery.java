package io.vpceni.ipamd;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.network.HostNetwork;
import io.vpceni.network.HostSurvey;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.WiredPodFound;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.PodName;
import io.vpceni.pool.WarmPool;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an earlier life of ipamd left: ENIs, which EC2 tells, and sandboxes, which the kernel tells.
///
/// Runs before the owner starts, on the thread that builds the graph.
final class PoolRecovery {
    private static final Logger log = LoggerFactory.getLogger(PoolRecovery.class);

    private final WarmPool pool;
    private final HostNetwork host;
    private final InstantSource time;

    PoolRecovery(WarmPool pool, HostNetwork host, InstantSource time) {
        this.pool = pool;
        this.host = host;
        this.time = time;
    }

    /// Tells the pool the ENIs, then all sandboxes. What the kernel has only half of is taken away.
    ///
    /// @param enis that are attached, the primary one first
    /// @param usable those whose links are set up
    void run(List<AttachedEni> enis, List<AttachedEni> usable, Function<AttachedEni, Eni> asPoolEni)
            throws NetworkFailure {
        Instant now = time.instant();
        Set<InetAddress> own =
                enis.stream().flatMap(eni -> eni.secondaryAddresses().stream()).collect(Collectors.toSet());
        HostSurvey survey = host.survey();
        Set<InetAddress> foreign = survey.foreign(own);
        if (!foreign.isEmpty()) {
            log.atWarn()
                    .addKeyValue("addresses", foreign)
                    .log("Pods of another CNI plugin have addresses of this node; they are not given out");
        }
        for (AttachedEni eni : usable) {
            List<Cidr> blocks = eni.blocks().stream()
                    .filter(block -> foreign.stream().noneMatch(block::contains))
                    .toList();
            pool.handle(new Message.EniReady(0, asPoolEni.apply(eni), blocks), now);
        }
        List<WiredPodFound> found = survey.pods();
        for (WiredPodFound pod : found) {
            restore(enis, pod, now);
        }
        int swept = host.sweep(survey, own);
        if (swept > 0) {
            log.atWarn().addKeyValue("rules", swept).log("Deleted rules of pods whose link is gone");
        }
        if (!found.isEmpty()) {
            log.atInfo().addKeyValue("pods", found.size()).log("Found the pods of an earlier life");
        }
    }

    private void restore(List<AttachedEni> enis, WiredPodFound pod, Instant now) throws NetworkFailure {
        AttachmentKey key = new AttachmentKey(pod.network(), pod.containerId(), pod.interfaceName());
        if (pod.addresses().isEmpty()) {
            log.atWarn()
                    .addKeyValue("container", key.containerId())
                    .addKeyValue("interface", pod.hostInterface())
                    .log("Taking away a link whose pod was only half wired or half unwired");
            host.removeLink(pod.hostInterface());
            return;
        }
        InetAddress address = pod.addresses().getFirst();
        PodName name = new PodName(pod.podNamespace(), pod.podName());
        pool.handle(new Message.Restored(new Assignment(key, name, address, eniOf(enis, address))), now);
    }

    /// The ENI that EC2 lists the address on. When it lists it on none the pool keeps the address as disputed, and
    /// the primary ENI stands for the one that nobody knows.
    private static EniId eniOf(List<AttachedEni> enis, InetAddress address) {
        return enis.stream()
                .filter(eni -> eni.blocks().stream().anyMatch(block -> block.contains(address)))
                .findFirst()
                .orElse(enis.getFirst())
                .id();
    }
}
