package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ENIs of this node: how they grow, and how they go. Thread-safe; every method blocks for as long as EC2 takes:
/// call on a virtual thread.
public final class NodeEnis {

    private static final Logger log = LoggerFactory.getLogger(NodeEnis.class);

    private final Ec2Verbs ec2;

    private final Imds imds;

    private final InstantSource time;

    private final EniBirth birth;

    private final EniRemoval removal;

    private final AttachedEnis attached;

    private final ConcurrentMap<EniId, HeldEni> held = new ConcurrentHashMap<>();

    /// One new ENI at a time: two would choose the same device index.
    private final ReentrantLock adding = new ReentrantLock();

    private volatile @Nullable NodeStart started;

    /// @param time stamps the tag `createdAt`, and says how old things are
    /// @param random client tokens
    public NodeEnis(
            Ec2 endpoint, Imds imds, EniSettings settings, Pause pause, InstantSource time, RandomGenerator random) {
        Ec2Verbs ec2 = new Ec2Verbs(endpoint);
        this.ec2 = ec2;
        this.imds = imds;
        this.time = time;
        this.removal = new EniRemoval(ec2, pause);
        this.birth = new EniBirth(ec2, pause, new EniLabels(settings, time), random, removal);
        this.attached = new AttachedEnis(ec2, imds, pause, birth);
    }

    /// Learns who this node is, what its type allows and which ENIs it holds. Call once, before the others.
    ///
    /// @throws ImdsFailure when the node's identity cannot be read
    /// @throws EniFailure when EC2 does not tell the node's ENIs, or no MAC is known for one of them
    public NodeStart start() throws ImdsFailure, EniFailure, InterruptedException {
        NodeIdentity identity = imds.identity();
        LimitsInquiry limits = LimitsInquiry.begin(ec2, identity.instanceType());
        List<AttachedEni> enis = attached.found(identity);
        enis.forEach(this::hold);
        NodeStart start = new NodeStart(identity, limits.await(), enis);
        started = start;
        return start;
    }

    /// Puts more secondary addresses or prefixes on an ENI of this node.
    ///
    /// When an earlier answer about the ENI was lost, EC2 is asked what it holds first; what has come to light is
    /// returned instead.
    ///
    /// @param count 1 or more
    /// @return blocks that were not on the ENI before; perhaps fewer than asked for, perhaps none
    public List<Cidr> assign(EniId eni, BlockKind kind, int count) throws EniFailure, InterruptedException {
        HeldEni mine = heldFor(eni, "assign " + count + " of " + kind);
        if (count < 1) {
            throw new IllegalArgumentException("cannot assign " + count + " of " + kind + " to " + eni);
        }
        mine.lock.lockInterruptibly();
        try {
            if (mine.isDoubtful()) {
                List<Cidr> cameToLight = look(eni, mine);
                mine.doubtful(false);
                if (!cameToLight.isEmpty()) {
                    return cameToLight;
                }
            }
            return mine.assigned(ec2.assign(eni, kind, count));
        } catch (Ec2Failure failure) {
            if (failure.kind() != Kind.OUTCOME_UNKNOWN) {
                throw EniFailure.of(failure);
            }
            mine.doubtful(true);
            return lookAfter(failure, eni, mine);
        } finally {
            mine.lock.unlock();
        }
    }

    /// Gives blocks of an ENI back to EC2; returns when EC2 has taken them. Those that are gone already are fine.
    /// One call for each kind.
    ///
    /// @param blocks 1 or more; the caller has proof that nobody uses them
    /// @throws EniFailure with obstacle `OUTCOME_UNKNOWN` when some may be gone; with another one when all are as
    ///     they were
    public void unassign(EniId eni, List<Cidr> blocks) throws EniFailure, InterruptedException {
        HeldEni mine = heldFor(eni, "unassign " + blocks);
        Map<BlockKind, List<Cidr>> byKind = new EnumMap<>(BlockKind.class);
        for (Cidr block : blocks) {
            byKind.computeIfAbsent(BlockKind.of(block), _ -> new ArrayList<>()).add(block);
        }
        mine.lock.lockInterruptibly();
        try {
            boolean begun = false;
            for (Map.Entry<BlockKind, List<Cidr>> some : byKind.entrySet()) {
                try {
                    unassignExisting(eni, some.getKey(), some.getValue());
                } catch (Ec2Failure failure) {
                    boolean perhaps = failure.kind() == Kind.OUTCOME_UNKNOWN;
                    if (perhaps) {
                        mine.left(some.getValue(), time.instant());
                    }
                    throw begun || perhaps ? EniFailure.unknown(failure) : EniFailure.of(failure);
                }
                mine.left(some.getValue(), time.instant());
                begun = true;
            }
        } finally {
            mine.lock.unlock();
        }
    }

    /// Makes an ENI in the primary ENI's subnet with its blocks already on it and attaches it; returns when EC2
    /// says attached. After a failure nothing is left behind, or the failure names what is.
    ///
    /// @param networkCard where it goes; 0 for the first card
    /// @param kind of blocks
    /// @param count of them; 0 or more, as many as fit
    public AttachedEni addEni(int networkCard, BlockKind kind, int count) throws EniFailure, InterruptedException {
        NodeStart node = node();
        adding.lockInterruptibly();
        try {
            return birth.of(node, networkCard, kind, count, this::settled);
        } finally {
            adding.unlock();
        }
    }

    /// Takes an ENI away with all that is on it: detaches, waits, deletes. One that is gone already, or detached and
    /// not deleted, is fine. The caller has proof that nobody uses it.
    ///
    /// Never the primary ENI, another instance's, nor one that is not for pods.
    ///
    /// @throws EniFailure with obstacle `OUTCOME_UNKNOWN` when it may be detached and not deleted: call again, or
    ///     leave it to [#sweepUnattached]; with another one when it is as it was
    public void remove(EniId eni) throws EniFailure, InterruptedException {
        NodeStart node = node();
        if (eni.equals(node.primary().id())) {
            throw new IllegalArgumentException("the primary ENI " + eni + " stays");
        }
        @Nullable HeldEni mine = held.get(eni);
        ReentrantLock lock = mine == null ? new ReentrantLock() : mine.lock;
        lock.lockInterruptibly();
        try {
            removal.remove(eni, node.identity().instanceId());
            held.remove(eni);
            log.atInfo().addKeyValue("eni", eni).log("Removed ENI");
        } catch (Ec2Failure failure) {
            throw EniFailure.of(failure);
        } finally {
            lock.unlock();
        }
    }

    /// Asks EC2 for the ENIs of this node and what is on them. One that is on its way here or away is left out; one
    /// that is new can be assigned to from now on.
    public List<AttachedEni> view() throws EniFailure, InterruptedException {
        NodeStart node = node();
        List<AttachedEni> enis = attached.now(node.identity(), node.primary().subnet());
        enis.stream().filter(eni -> !held.containsKey(eni.id())).forEach(this::hold);
        return enis;
    }

    /// Deletes ENIs that this node made and that are attached to nothing: ipamd died between two calls, or a removal
    /// did not end. Only those that carry this instance's tag and our description and are older than five minutes.
    ///
    /// @return those that were deleted
    /// @throws EniFailure when EC2 does not tell them; one that cannot be deleted is logged
    public List<EniId> sweepUnattached() throws EniFailure, InterruptedException {
        String instanceId = node().identity().instanceId();
        List<EniId> deleted = new ArrayList<>();
        adding.lockInterruptibly();
        try {
            for (Ec2Eni eni : ec2.unattachedOf(instanceId)) {
                if (EniLabels.isLeftOver(eni, instanceId, time.instant()) && deleted(eni.id())) {
                    deleted.add(eni.id());
                }
            }
        } catch (Ec2Failure failure) {
            throw EniFailure.of(failure);
        } finally {
            adding.unlock();
        }
        return List.copyOf(deleted);
    }

    private boolean deleted(EniId eni) {
        try {
            ec2.delete(eni);
            held.remove(eni);
            log.atInfo().addKeyValue("eni", eni).log("Deleted an ENI that was attached to nothing");
            return true;
        } catch (Ec2Failure left) {
            log.atWarn()
                    .addKeyValue("eni", eni)
                    .addKeyValue("cause", String.valueOf(left.getMessage()))
                    .log("An ENI that is attached to nothing could not be deleted");
            return false;
        }
    }

    private NodeStart node() {
        NodeStart node = started;
        if (node == null) {
            throw new IllegalStateException("asked before start");
        }
        return node;
    }

    private HeldEni heldFor(EniId eni, String wish) {
        @Nullable HeldEni mine = held.get(eni);
        if (mine == null) {
            throw new IllegalArgumentException("cannot " + wish + " on " + eni + ": ENIs for pods " + held.keySet());
        }
        return mine;
    }

    private AttachedEni settled(NodeStart node, Ec2Eni eni) throws EniFailure, InterruptedException {
        AttachedEni added =
                attached.attached(eni, node.identity(), node.primary().subnet());
        hold(added);
        log.atInfo()
                .addKeyValue("eni", added.id())
                .addKeyValue("card", added.networkCard())
                .addKeyValue("index", added.deviceIndex())
                .addKeyValue("blocks", added.blocks().size())
                .log("Attached ENI");
        return added;
    }

    /// Others than those for pods are left alone.
    private void hold(AttachedEni eni) {
        if (eni.role() == EniRole.PODS || eni.role() == EniRole.EXCLUDED) {
            held.put(eni.id(), new HeldEni(eni.primaryAddress(), eni.blocks()));
        }
    }

    /// EC2 takes all of them or none: when it does not know one, those that it lists are asked for again.
    private void unassignExisting(EniId eni, BlockKind kind, List<Cidr> blocks) throws Ec2Failure {
        try {
            ec2.unassign(eni, kind, blocks);
        } catch (Ec2Failure failure) {
            List<Cidr> there = switch (failure.kind()) {
                case NOT_FOUND -> List.of();
                case INVALID -> existing(eni, blocks, failure);
                case THROTTLED,
                        SUBNET_EXHAUSTED,
                        NO_CONTIGUOUS_PREFIX,
                        ENI_LIMIT,
                        ADDRESS_LIMIT,
                        UNAUTHORIZED,
                        CONFLICT,
                        OUTCOME_UNKNOWN,
                        UNAVAILABLE,
                        OTHER -> throw failure;
            };
            if (!there.isEmpty()) {
                ec2.unassign(eni, kind, there);
            }
        }
    }

    private List<Cidr> existing(EniId eni, List<Cidr> blocks, Ec2Failure refused) throws Ec2Failure {
        List<Cidr> listed = ec2.eni(eni).blocks();
        List<Cidr> there = blocks.stream().filter(listed::contains).toList();
        if (there.size() == blocks.size()) {
            throw refused;
        }
        return there;
    }

    private List<Cidr> look(EniId eni, HeldEni mine) throws Ec2Failure {
        return mine.listed(ec2.eni(eni).blocks(), time.instant());
    }

    private List<Cidr> lookAfter(Ec2Failure lost, EniId eni, HeldEni mine) throws EniFailure {
        try {
            List<Cidr> cameToLight = look(eni, mine);
            if (!cameToLight.isEmpty()) {
                mine.doubtful(false);
                return cameToLight;
            }
        } catch (Ec2Failure blind) {
            lost.addSuppressed(blind);
        }
        throw EniFailure.of(lost);
    }
}
