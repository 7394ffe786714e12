package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.GrowthObstacle;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's ENIs as EC2 and IMDS describe them together.
final class AttachedEnis {

    private static final Logger log = LoggerFactory.getLogger(AttachedEnis.class);

    /// IMDS learns of an interface later than EC2; nobody publishes how much. About half a minute.
    private static final Backoff MAC_WAIT = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2), 20);

    private final Ec2Verbs ec2;

    private final Imds imds;

    private final Pause pause;

    private final EniBirth birth;

    /// What does not change while an ENI is attached, so that IMDS is asked once.
    private final ConcurrentMap<EniId, AttachedEni> known = new ConcurrentHashMap<>();

    AttachedEnis(Ec2Verbs ec2, Imds imds, Pause pause, EniBirth birth) {
        this.ec2 = ec2;
        this.imds = imds;
        this.pause = pause;
        this.birth = birth;
    }

    /// All of them, the primary one first. One that is being attached is waited for; one that is being detached, or
    /// has no IP address (`efa-only`), is left out.
    List<AttachedEni> found(NodeIdentity identity) throws EniFailure, ImdsFailure, InterruptedException {
        List<Ec2Eni> found = described(identity.instanceId());
        @Nullable ImdsEni primary = listed().get(found.getFirst().id());
        if (primary == null) {
            throw failure("IMDS does not list the primary ENI "
                    + found.getFirst().id() + " yet that EC2 describes: ipamd tries again after its restart");
        }
        List<AttachedEni> enis = new ArrayList<>();
        for (Ec2Eni eni : found) {
            enis.add(attached(eni, identity, primary.subnet()));
        }
        return enis;
    }

    /// Those that are attached at this moment and have an IP address, in EC2's order.
    List<AttachedEni> now(NodeIdentity identity, Cidr primarySubnet) throws EniFailure, InterruptedException {
        try {
            List<AttachedEni> enis = new ArrayList<>();
            for (Ec2Eni eni : ec2.enisOf(identity.instanceId())) {
                boolean here = Objects.requireNonNull(eni.attachment()).state() == EniAttachment.State.ATTACHED;
                if (here && eni.primaryAddress() != null) {
                    enis.add(attached(eni, identity, primarySubnet));
                }
            }
            known.keySet().retainAll(enis.stream().map(AttachedEni::id).toList());
            return List.copyOf(enis);
        } catch (Ec2Failure failure) {
            throw EniFailure.of(failure);
        }
    }

    AttachedEni attached(Ec2Eni eni, NodeIdentity identity, Cidr primarySubnet)
            throws EniFailure, InterruptedException {
        EniAttachment tie = Objects.requireNonNull(eni.attachment());
        @Nullable MacAddress mac = eni.mac();
        Cidr subnet = primarySubnet;
        @Nullable AttachedEni before = known.get(eni.id());
        if (before != null) {
            mac = before.mac();
            subnet = before.subnet();
        } else if (mac == null || !eni.subnetId().equals(identity.subnetId())) {
            ImdsEni listed = listedSoon(eni.id());
            mac = mac == null ? listed.mac() : mac;
            subnet = listed.subnet();
        }
        InetAddress address = Objects.requireNonNull(eni.primaryAddress());
        AttachedEni now = new AttachedEni(
                eni.id(),
                mac,
                tie.networkCard(),
                tie.deviceIndex(),
                eni.isPrimary(),
                eni.role(),
                address,
                eni.blocks(),
                subnet);
        known.put(now.id(), now);
        return now;
    }

    private List<Ec2Eni> described(String instanceId) throws EniFailure, InterruptedException {
        try {
            List<Ec2Eni> found = new ArrayList<>();
            for (Ec2Eni eni : ec2.enisOf(instanceId)) {
                if (eni.primaryAddress() == null) {
                    leaveOut(eni, "it has no IP address");
                    continue;
                }
                switch (Objects.requireNonNull(eni.attachment()).state()) {
                    case ATTACHED -> found.add(eni);
                    case ATTACHING -> found.add(soonAttached(eni, instanceId));
                    case DETACHING -> leaveOut(eni, "it is being detached");
                }
            }
            found.sort(Comparator.comparing(eni -> !eni.isPrimary()));
            if (found.isEmpty() || !found.getFirst().isPrimary()) {
                throw failure("EC2 lists no primary ENI of " + instanceId
                        + ": does AWS_ENDPOINT_URL_EC2 or AWS_REGION lead to another account or region?");
            }
            return found;
        } catch (Ec2Failure failure) {
            throw EniFailure.of(failure);
        }
    }

    /// Somebody else's ENI is not waited for: nothing is done with it.
    private Ec2Eni soonAttached(Ec2Eni eni, String instanceId) throws Ec2Failure, InterruptedException {
        return eni.role() == EniRole.UNMANAGED ? eni : birth.attached(eni.id(), instanceId);
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

    private static void leaveOut(Ec2Eni eni, String reason) {
        log.atInfo().addKeyValue("eni", eni.id()).addKeyValue("reason", reason).log("Left out an ENI");
    }

    private static EniFailure failure(String text) {
        return new EniFailure(GrowthObstacle.OTHER, text, List.of(), null);
    }
}
