package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import io.vpceni.pool.GrowthObstacle;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ENIs of this node and how they grow. Thread-safe; every method blocks for as long as EC2 takes: call on a
/// virtual thread.
public final class NodeEnis {

    private static final Logger log = LoggerFactory.getLogger(NodeEnis.class);

    /// IMDS learns of an interface later than EC2; nobody publishes how much. About half a minute.
    private static final Backoff MAC_WAIT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2), 20);

    private final Ec2 ec2;

    private final Imds imds;

    private final Pause pause;

    private final EniBirth birth;

    private final ConcurrentMap<EniId, HeldEni> held = new ConcurrentHashMap<>();

    /// One new ENI at a time: two would choose the same device index.
    private final ReentrantLock adding = new ReentrantLock();

    private volatile @Nullable NodeStart started;

    /// @param time stamps the tag `createdAt`
    /// @param random client tokens
    public NodeEnis(Ec2 ec2, Imds imds, EniSettings settings, Pause pause, InstantSource time, RandomGenerator random) {
        this.ec2 = ec2;
        this.imds = imds;
        this.pause = pause;
        this.birth = new EniBirth(ec2, pause, new EniLabels(settings, time), random);
    }

    /// Learns who this node is, what its type allows and which ENIs it holds. Call once, before the others.
    ///
    /// @throws ImdsFailure when the node's identity cannot be read
    /// @throws EniFailure when EC2 does not tell the node's ENIs, or no MAC is known for one of them
    public NodeStart start() throws ImdsFailure, EniFailure, InterruptedException {
        NodeIdentity identity = imds.identity();
        LimitsInquiry limits = LimitsInquiry.begin(ec2, identity.instanceType());
        List<Ec2Eni> found = found(identity.instanceId());
        Map<EniId, ImdsEni> listed = listed();
        @Nullable ImdsEni primaryListed = listed.get(found.getFirst().id());
        if (primaryListed == null) {
            throw failure("IMDS does not list the primary ENI "
                    + found.getFirst().id() + " yet that EC2 describes: ipamd tries again after its restart");
        }
        List<AttachedEni> enis = new ArrayList<>();
        for (Ec2Eni eni : found) {
            AttachedEni attached = attached(eni, identity, primaryListed.subnet());
            held.put(attached.id(), new HeldEni(attached.primaryAddress(), attached.secondaryAddresses()));
            enis.add(attached);
        }
        NodeStart start = new NodeStart(identity, limits.await(), enis);
        started = start;
        return start;
    }

    /// Puts more secondary addresses on an ENI of this node.
    ///
    /// When an earlier answer about the ENI was lost, EC2 is asked what it holds first; what has come to light is
    /// returned instead.
    ///
    /// @param count 1 or more
    /// @return addresses that were not on the ENI before; perhaps fewer than asked for, perhaps none
    public List<InetAddress> assignAddresses(EniId eni, int count) throws EniFailure, InterruptedException {
        HeldEni mine = held.get(eni);
        if (mine == null || count < 1) {
            throw new IllegalArgumentException(
                    "cannot assign " + count + " addresses to " + eni + ": ENIs " + held.keySet());
        }
        mine.lock.lockInterruptibly();
        try {
            if (mine.isDoubtful()) {
                List<InetAddress> cameToLight = look(eni, mine);
                mine.doubtful(false);
                if (!cameToLight.isEmpty()) {
                    return cameToLight;
                }
            }
            return mine.learn(ec2.assignAddresses(eni, count));
        } catch (Ec2Failure failure) {
            if (failure.kind() != Ec2Failure.Kind.OUTCOME_UNKNOWN) {
                throw EniFailure.of(failure);
            }
            mine.doubtful(true);
            return lookAfter(failure, eni, mine);
        } finally {
            mine.lock.unlock();
        }
    }

    /// Makes an ENI in the primary ENI's subnet with its addresses already on it and attaches it; returns when EC2
    /// says attached. After a failure nothing is left behind, or the failure names what is.
    ///
    /// @param addresses secondary addresses; 0 or more
    public AttachedEni addEni(int addresses) throws EniFailure, InterruptedException {
        NodeStart node = started;
        if (node == null) {
            throw new IllegalStateException("addEni before start");
        }
        adding.lockInterruptibly();
        try {
            return birth.of(node, addresses, this::settled);
        } finally {
            adding.unlock();
        }
    }

    private AttachedEni settled(NodeStart node, Ec2Eni eni) throws EniFailure, InterruptedException {
        AttachedEni attached = attached(eni, node.identity(), node.primary().subnet());
        held.put(attached.id(), new HeldEni(attached.primaryAddress(), attached.secondaryAddresses()));
        log.atInfo()
                .addKeyValue("eni", attached.id())
                .addKeyValue("index", attached.deviceIndex())
                .addKeyValue("addresses", attached.secondaryAddresses().size())
                .log("Attached ENI");
        return attached;
    }

    private List<InetAddress> look(EniId eni, HeldEni mine) throws Ec2Failure {
        return mine.learn(ec2.eni(eni).secondaryAddresses());
    }

    private List<InetAddress> lookAfter(Ec2Failure lost, EniId eni, HeldEni mine) throws EniFailure {
        try {
            List<InetAddress> cameToLight = look(eni, mine);
            if (!cameToLight.isEmpty()) {
                mine.doubtful(false);
                return cameToLight;
            }
        } catch (Ec2Failure blind) {
            lost.addSuppressed(blind);
        }
        throw EniFailure.of(lost);
    }

    /// The node's ENIs, the primary one first. One that is being attached is waited for, one that is being detached
    /// is left out.
    private List<Ec2Eni> found(String instanceId) throws EniFailure, InterruptedException {
        try {
            List<Ec2Eni> found = new ArrayList<>();
            for (Ec2Eni eni : ec2.enisOf(instanceId)) {
                EniAttachment.State state =
                        Objects.requireNonNull(eni.attachment()).state();
                switch (state) {
                    case ATTACHED -> found.add(eni);
                    case ATTACHING -> found.add(birth.attached(eni.id(), instanceId));
                    case DETACHING ->
                        log.atInfo().addKeyValue("eni", eni.id()).log("Left out an ENI that is being detached");
                }
            }
            found.sort(Comparator.comparing(eni -> !isPrimary(eni)));
            if (found.isEmpty() || !isPrimary(found.getFirst())) {
                throw failure("EC2 lists no primary ENI of " + instanceId
                        + ": does AWS_ENDPOINT_URL_EC2 or AWS_REGION lead to another account or region?");
            }
            return found;
        } catch (Ec2Failure failure) {
            throw EniFailure.of(failure);
        }
    }

    private AttachedEni attached(Ec2Eni eni, NodeIdentity identity, Cidr primarySubnet)
            throws EniFailure, InterruptedException {
        EniAttachment tie = Objects.requireNonNull(eni.attachment());
        @Nullable MacAddress mac = eni.mac();
        Cidr subnet = primarySubnet;
        if (mac == null || !eni.subnetId().equals(identity.subnetId())) {
            ImdsEni listed = listedSoon(eni.id());
            mac = mac == null ? listed.mac() : mac;
            subnet = listed.subnet();
        }
        return new AttachedEni(
                eni.id(),
                mac,
                tie.networkCard(),
                tie.deviceIndex(),
                isPrimary(eni),
                eni.primaryAddress(),
                eni.secondaryAddresses(),
                subnet);
    }

    private ImdsEni listedSoon(EniId id) throws EniFailure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            @Nullable ImdsFailure blind = null;
            try {
                @Nullable ImdsEni listed = listed().get(id);
                if (listed != null) {
                    return listed;
                }
            } catch (ImdsFailure failure) {
                blind = failure;
            }
            if (attempt == MAC_WAIT.attemptsMax()) {
                String text = "EC2 names no MAC that can be read for " + id + " and IMDS does not list it within "
                        + MAC_WAIT.total().toSeconds() + " s";
                throw new EniFailure(GrowthObstacle.OTHER, text, List.of(), blind);
            }
            pause.of(MAC_WAIT.after(attempt));
        }
    }

    private Map<EniId, ImdsEni> listed() throws ImdsFailure {
        Map<EniId, ImdsEni> listed = new LinkedHashMap<>();
        for (ImdsEni eni : imds.enis()) {
            listed.put(eni.id(), eni);
        }
        return listed;
    }

    private static boolean isPrimary(Ec2Eni eni) {
        EniAttachment tie = Objects.requireNonNull(eni.attachment());
        return tie.networkCard() == 0 && tie.deviceIndex() == 0;
    }

    private static EniFailure failure(String text) {
        return new EniFailure(GrowthObstacle.OTHER, text, List.of(), null);
    }
}
