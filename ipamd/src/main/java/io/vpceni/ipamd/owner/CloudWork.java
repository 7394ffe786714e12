package io.vpceni.ipamd.owner;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.EniFailure;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out one request of the pool's and says what came of it. Blocks for as long as EC2 and the kernel take; has
/// no thread and no clock of its own. Thread-safe.
public final class CloudWork {
    private static final Logger log = LoggerFactory.getLogger(CloudWork.class);

    /// EC2's views are seconds old; a removal takes up to a minute or two.
    private static final Duration STILL_LISTED_MAX = Duration.ofMinutes(10);

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

        /// Whether [#setUp] succeeded and [#takeDown] did not follow.
        boolean isSetUp(EniId eni);
    }

    /// The kernel's own word on who has what.
    public interface Sandboxes {
        /// Addresses that sandboxes have and whose they are, those of other CNI plugins too: under a key of nobody's.
        ///
        /// @throws IOException when the kernel does not tell
        Map<InetAddress, AttachmentKey> held() throws IOException, InterruptedException;
    }

    private final NodeCloud cloud;
    private final Links links;
    private final Sandboxes sandboxes;
    private final NodeLimits limits;

    /// Attached, but without a link: tried again before another one is made. No more than the node can have ENIs.
    private final Queue<AttachedEni> withoutLink = new ConcurrentLinkedQueue<>();

    /// Removed a moment ago: EC2 may list them as attached for a while. Their ids do not come again.
    private final Map<EniId, Instant> removed = new ConcurrentHashMap<>();

    /// Held while an ENI comes or goes, so that a look at EC2 does not take one that is half there for a new one.
    private final ReentrantLock coming = new ReentrantLock();

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
        return new Eni(eni.id(), eni.networkCard(), eni.deviceIndex(), eni.primary(), limits.slotsPerEni(), eni.role());
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
                removed.put(remove.eni(), now);
                cloud.remove(remove.eni());
                takeDown(remove.eni());
                yield new Message.EniRemoved(remove.request());
            }
        };
    }

    /// What EC2 lists: a [Message.Ec2View], behind a [Message.EniReady] for each ENI that it lists and that had no link
    /// until now.
    ///
    /// @param now the moment of the question
    public List<Message> lookAtEc2(Instant now) throws IOException, InterruptedException {
        boolean calm = coming.tryLock();
        try {
            List<AttachedEni> attached = cloud.view();
            removed.values().removeIf(at -> at.plus(STILL_LISTED_MAX).isBefore(now));
            List<Message> messages = new ArrayList<>();
            for (AttachedEni eni : attached) {
                if (calm && !links.isSetUp(eni.id()) && !removed.containsKey(eni.id())) {
                    adopt(eni).ifPresent(messages::add);
                }
            }
            messages.add(new Message.Ec2View(now, blocksByEni(attached)));
            return messages;
        } finally {
            if (calm) {
                coming.unlock();
            }
        }
    }

    /// What the kernel shows: a [Message.KernelView].
    ///
    /// @param now the moment of the question
    public Message lookAtKernel(Instant now) throws IOException, InterruptedException {
        return new Message.KernelView(now, sandboxes.held());
    }

    /// Deletes ENIs that this node made and that are attached to nothing.
    public void sweepUnattached() throws IOException, InterruptedException {
        cloud.sweepUnattached();
    }

    private Optional<Message> adopt(AttachedEni eni) throws InterruptedException {
        try {
            links.setUp(eni);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("eni", eni.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("An ENI that EC2 lists gives no addresses until its link is set up");
            return Optional.empty();
        }
        withoutLink.removeIf(left -> left.id().equals(eni.id()));
        log.atInfo().addKeyValue("eni", eni.id()).log("Set up an ENI that EC2 lists");
        return Optional.of(new Message.EniReady(0, asPoolEni(eni), eni.blocks()));
    }

    private Message add(Effect.AddEni add) throws IOException, InterruptedException {
        coming.lockInterruptibly();
        try {
            return addAlone(add);
        } finally {
            coming.unlock();
        }
    }

    private Message addAlone(Effect.AddEni add) throws IOException, InterruptedException {
        AttachedEni left = withoutLink.poll();
        AttachedEni eni = left == null ? cloud.add(add.networkCard(), add.kind(), add.count()) : left;
        try {
            links.setUp(eni);
        } catch (IOException | RuntimeException e) {
            linkMissing(eni);
            throw e;
        }
        return new Message.EniReady(add.request(), asPoolEni(eni), eni.blocks());
    }

    private Message verify(Effect.Verify verify, Instant now) throws IOException, InterruptedException {
        Set<InetAddress> held = sandboxes.held().keySet();
        Map<EniId, Set<Cidr>> view = blocksByEni(cloud.view());
        boolean attached = view.containsKey(verify.eni()); // one view: what the kernel has of the ENI stays
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

    /// By attached ENI, its secondary addresses and prefixes.
    public static Map<EniId, Set<Cidr>> blocksByEni(List<AttachedEni> enis) {
        return enis.stream().collect(Collectors.toMap(AttachedEni::id, eni -> Set.copyOf(eni.blocks())));
    }

    /// Each address as a block of its own.
    public static List<Cidr> blocks(List<InetAddress> addresses) {
        return addresses.stream()
                .map(address -> Cidr.containing(address, address.getAddress().length * Byte.SIZE))
                .toList();
    }
}
