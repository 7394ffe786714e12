package io.vpceni.ipamd.owner;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.EniFailure;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out one request of the pool's and says what came of it. Blocks for as long as EC2 and the kernel take; has
/// no thread and no clock of its own. Thread-safe.
public final class CloudWork {
    private static final Logger log = LoggerFactory.getLogger(CloudWork.class);

    /// ENIs' links on this node.
    public interface Links {
        /// Makes an attached ENI usable for pods: its link, address, routes and rule.
        ///
        /// @throws IOException when the link did not appear or the kernel refused
        void setUp(AttachedEni eni) throws IOException, InterruptedException;

        /// Takes away what the kernel keeps of an ENI that is detached. Nothing there: fine.
        ///
        /// @throws IOException when the kernel refused
        void takeDown(EniId eni) throws IOException, InterruptedException;
    }

    /// The kernel's own word on who has what.
    public interface Sandboxes {
        /// Addresses that sandboxes have, those of other CNI plugins too.
        ///
        /// @throws IOException when the kernel does not tell
        Set<InetAddress> held() throws IOException, InterruptedException;
    }

    private final NodeCloud cloud;
    private final Links links;
    private final Sandboxes sandboxes;
    private final NodeLimits limits;

    /// Attached, but without a link: tried again before another one is made. No more than the node can have ENIs.
    private final Queue<AttachedEni> withoutLink = new ConcurrentLinkedQueue<>();

    public CloudWork(NodeCloud cloud, Links links, Sandboxes sandboxes, NodeLimits limits) {
        this.cloud = cloud;
        this.links = links;
        this.sandboxes = sandboxes;
        this.limits = limits;
    }

    /// @param now stands for the moment of the question in evidence
    /// @return the outcome: the request's own message, or [Message.RequestFailed]
    /// @throws InterruptedException ipamd stops; the next start finds what EC2 did
    public Message carryOut(Effect.Request request, Instant now) throws InterruptedException {
        try {
            return attempt(request, now);
        } catch (EniFailure e) {
            return failed(request, e.obstacle(), e);
        } catch (IOException e) {
            return failed(request, GrowthObstacle.OTHER, e);
        } catch (RuntimeException | Error e) {
            log.atError().setCause(e).addKeyValue("request", request).log("A request to EC2 met a bug");
            return failed(request, GrowthObstacle.OTHER, e);
        }
    }

    /// An ENI that is attached and whose link could not be set up: the next wish for an ENI starts with it.
    public void linkMissing(AttachedEni eni) {
        withoutLink.add(eni);
    }

    /// How an ENI looks to the pool.
    public Eni asPoolEni(AttachedEni eni) {
        return new Eni(eni.id(), eni.networkCard(), eni.deviceIndex(), eni.primary(), limits.slotsPerEni());
    }

    private Message attempt(Effect.Request request, Instant now) throws IOException, InterruptedException {
        return switch (request) {
            case Effect.AssignBlocks assign ->
                new Message.BlocksAdded(
                        assign.request(), assign.eni(), cloud.assign(assign.eni(), assign.kind(), assign.count()));
            case Effect.AddEni add -> add(add);
            case Effect.Verify verify -> verify(verify, now);
            case Effect.Unassign unassign -> {
                cloud.unassign(unassign.eni(), unassign.blocks());
                yield new Message.Unassigned(unassign.request());
            }
            case Effect.RemoveEni remove -> {
                cloud.remove(remove.eni());
                takeDown(remove.eni());
                yield new Message.EniRemoved(remove.request());
            }
        };
    }

    private Message add(Effect.AddEni add) throws IOException, InterruptedException {
        AttachedEni left = withoutLink.poll();
        AttachedEni eni = left == null ? cloud.add(add.networkCard(), add.kind(), add.count()) : left;
        try {
            links.setUp(eni);
        } catch (IOException | RuntimeException e) {
            linkMissing(eni);
            throw e;
        }
        return new Message.EniReady(add.request(), asPoolEni(eni), blocks(eni.secondaryAddresses()));
    }

    private Message verify(Effect.Verify verify, Instant now) throws IOException, InterruptedException {
        Set<InetAddress> held = sandboxes.held();
        Map<EniId, Set<Cidr>> view = cloud.view();
        boolean attached = view.containsKey(verify.eni());
        if (!attached) {
            takeDown(verify.eni()); // a removal whose answer was lost ends here
        }
        Set<Cidr> listed = view.getOrDefault(verify.eni(), Set.of());
        return new Message.Verified(verify.request(), new Evidence(now, attached, listed, held));
    }

    /// The ENI is gone either way, and the kernel takes the routes by its link away by itself.
    private void takeDown(EniId eni) throws InterruptedException {
        try {
            links.takeDown(eni);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("eni", eni)
                    .addKeyValue("reason", e.getMessage())
                    .log("What the kernel keeps of a detached ENI could not be taken away");
        }
    }

    private static Message failed(Effect.Request request, GrowthObstacle obstacle, Throwable cause) {
        return new Message.RequestFailed(request.request(), obstacle, String.valueOf(cause.getMessage()));
    }

    /// Each address as a block of its own.
    public static List<Cidr> blocks(List<InetAddress> addresses) {
        return addresses.stream()
                .map(address -> Cidr.containing(address, address.getAddress().length * Byte.SIZE))
                .toList();
    }
}
