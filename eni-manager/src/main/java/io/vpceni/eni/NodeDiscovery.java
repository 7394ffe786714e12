package io.vpceni.eni;

import io.vpceni.config.Backoff;
import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks EC2 and IMDS about this node, for the start. Thread-safe; every method blocks for as long as they take.
public final class NodeDiscovery {

    private static final Logger log = LoggerFactory.getLogger(NodeDiscovery.class);

    /// IMDS learns of an interface later than EC2; nobody publishes how much. About half a minute.
    private static final Backoff LISTED_WAIT = Backoff.byHalf(Duration.ofMillis(200), Duration.ofSeconds(2));

    private static final int LISTED_LOOKS_MAX = 20;

    /// An ENI that is on its way here when ipamd starts takes some seconds. About 20 of them.
    private static final Backoff ATTACHED_WAIT = Backoff.byHalf(Duration.ofMillis(500), Duration.ofSeconds(3));

    private static final int ATTACHED_LOOKS_MAX = 9;

    /// An ENI that has to be there is not listed. The message names it and what to do.
    public static final class NotListed extends IOException {
        private static final long serialVersionUID = 1L;

        NotListed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final Ec2 ec2;

    private final Imds imds;

    private final Sleeper pause;

    public NodeDiscovery(Ec2 ec2, Imds imds, Sleeper pause) {
        this.ec2 = ec2;
        this.imds = imds;
        this.pause = pause;
    }

    /// What the node's type allows and which ENIs it holds, the primary one first. An ENI that is being
    /// attached is waited for; one that is being detached, that has no IP address (`efa-only`) or is not to be
    /// used is left out.
    ///
    /// @param roles what each is there for
    /// @param notToBeUsed those that are to go
    /// @throws ImdsFailure when IMDS does not tell the primary ENI's subnet
    /// @throws Ec2Failure when EC2 does not tell the node's ENIs
    /// @throws NotListed when EC2 or IMDS lacks an ENI that has to be there
    public NodeStart start(NodeIdentity identity, Function<Ec2Eni, EniRole> roles, Set<EniId> notToBeUsed)
            throws ImdsFailure, Ec2Failure, NotListed, InterruptedException {
        InstanceLimitsLookup limits = InstanceLimitsLookup.begin(ec2, identity.instanceType());
        List<Ec2Eni> found = described(identity.instanceId(), roles, notToBeUsed);
        @Nullable ImdsEni primary = listed().get(found.getFirst().id());
        if (primary == null) {
            throw new NotListed(
                    "IMDS does not list the primary ENI " + found.getFirst().id()
                            + " yet that EC2 describes: ipamd asks again",
                    null);
        }
        List<AttachedEni> enis = new ArrayList<>();
        for (Ec2Eni eni : found) {
            enis.add(attached(eni, roles.apply(eni), identity, primary.subnet()));
        }
        return new NodeStart(identity, limits.await(), enis);
    }

    /// What IMDS says about an ENI; waited for, half a minute at most.
    ///
    /// @throws NotListed when it does not come
    public ImdsEni listed(EniId id) throws NotListed, InterruptedException {
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
            if (attempt == LISTED_LOOKS_MAX) {
                String text = "IMDS does not list " + id + " within "
                        + LISTED_WAIT.total(LISTED_LOOKS_MAX - 1).toSeconds()
                        + " s, and only it tells its MAC and its subnet";
                throw new NotListed(text, blind);
            }
            pause.of(LISTED_WAIT.delay(attempt));
        }
    }

    private AttachedEni attached(Ec2Eni eni, EniRole role, NodeIdentity identity, Cidr primarySubnet)
            throws NotListed, InterruptedException {
        EniAttachment tie = Objects.requireNonNull(eni.attachment());
        @Nullable MacAddress mac = eni.mac();
        Cidr subnet = primarySubnet;
        if (mac == null || !identity.subnetId().equals(eni.subnetId())) {
            ImdsEni listed = listed(eni.id());
            mac = mac == null ? listed.mac() : mac;
            subnet = listed.subnet();
        }
        InetAddress address = Objects.requireNonNull(eni.primaryAddress());
        return new AttachedEni(new LinkPlan(eni.id(), mac, tie.slot(), role, address, subnet), eni.blocks());
    }

    private List<Ec2Eni> described(InstanceId instanceId, Function<Ec2Eni, EniRole> roles, Set<EniId> notToBeUsed)
            throws Ec2Failure, NotListed, InterruptedException {
        List<Ec2Eni> found = new ArrayList<>();
        for (Ec2Eni eni : ec2.perform(new Ec2Call.EnisOf(instanceId)).enis()) {
            if (notToBeUsed.contains(eni.id())) {
                leaveOut(eni, "it is being taken away");
                continue;
            }
            if (eni.primaryAddress() == null) {
                leaveOut(eni, "it has no IP address");
                continue;
            }
            switch (Objects.requireNonNull(eni.attachment()).state()) {
                case ATTACHED -> found.add(eni);
                case ATTACHING -> found.add(roles.apply(eni) == EniRole.UNMANAGED ? eni : soonAttached(eni));
                case DETACHING -> leaveOut(eni, "it is being detached");
            }
        }
        found.sort(Comparator.comparing(eni -> !eni.isPrimary()));
        if (found.isEmpty() || !found.getFirst().isPrimary()) {
            throw new NotListed(
                    "EC2 lists no primary ENI of " + instanceId
                            + ": does AWS_ENDPOINT_URL_EC2 or AWS_REGION lead to another account or region?",
                    null);
        }
        return found;
    }

    /// As it is when it is attached, or when that has taken too long: then its link is waited for.
    private Ec2Eni soonAttached(Ec2Eni eni) throws Ec2Failure, InterruptedException {
        Ec2Eni now = eni;
        for (int attempt = 1; attempt < ATTACHED_LOOKS_MAX; attempt++) {
            pause.of(ATTACHED_WAIT.delay(attempt));
            now = ec2.perform(new Ec2Call.OneEni(eni.id())).enis().getFirst();
            EniAttachment tie = now.attachment();
            if (tie == null) {
                return eni;
            }
            if (tie.state() != EniAttachment.State.ATTACHING) {
                return now;
            }
        }
        return now;
    }

    private Map<EniId, ImdsEni> listed() throws ImdsFailure {
        Map<EniId, ImdsEni> listed = new LinkedHashMap<>();
        for (ImdsEni eni : imds.enis()) {
            listed.put(eni.id(), eni);
        }
        return listed;
    }

    private static void leaveOut(Ec2Eni eni, String reason) {
        log.atInfo().addKeyValue("eni", eni.id()).addKeyValue("reason", reason).log("An ENI is not used for pods");
    }
}
