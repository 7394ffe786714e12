package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.GrowthObstacle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes an ENI and ties it to this node, or leaves nothing behind. When the daemon stops, what is attached stays.
final class EniBirth {

    /// What is still to be done once the ENI is attached; when it fails the ENI is taken away again.
    @FunctionalInterface
    interface Settling {
        AttachedEni settle(NodeStart node, Ec2Eni eni) throws EniFailure, InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(EniBirth.class);

    /// A create whose answer was lost is asked again with the same token, which gives the same ENI.
    private static final int CREATE_ATTEMPTS_MAX = 3;

    /// Attaching takes EC2 a second or two; a minute is broken.
    private static final Backoff ATTACH_WAIT = new Backoff(Duration.ofMillis(150), Duration.ofSeconds(3), 26);

    private static final int TOKEN_BYTES = 16;

    private final Ec2Verbs ec2;

    private final Pause pause;

    private final EniLabels labels;

    private final RandomGenerator random;

    private final EniRemoval removal;

    EniBirth(Ec2Verbs ec2, Pause pause, EniLabels labels, RandomGenerator random, EniRemoval removal) {
        this.ec2 = ec2;
        this.pause = pause;
        this.labels = labels;
        this.random = random;
        this.removal = removal;
    }

    AttachedEni of(NodeStart node, int networkCard, BlockKind kind, int count, Settling settling)
            throws EniFailure, InterruptedException {
        Ec2Eni created;
        int deviceIndex;
        try {
            deviceIndex = freeDeviceIndex(node, networkCard);
            created = create(node, kind, count);
        } catch (Ec2Failure failure) {
            throw EniFailure.of(failure);
        }
        boolean tied = false;
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped before " + created.id() + " was attached");
            }
            String instanceId = node.identity().instanceId();
            attach(created.id(), instanceId, networkCard, deviceIndex);
            tied = true;
            Ec2Eni attached = attached(created.id(), instanceId);
            return settling.settle(node, withWhatWasPromised(attached, created));
        } catch (Ec2Failure failure) {
            throw undoneUnlessStopping(created.id(), tied, EniFailure.of(failure));
        } catch (EniFailure failure) {
            throw undoneUnlessStopping(created.id(), tied, failure);
        } catch (InterruptedException stopped) {
            stopping(created.id(), tied);
            throw stopped;
        } catch (RuntimeException unforeseen) {
            String text = created.id() + " is not used: " + unforeseen;
            EniFailure failure = new EniFailure(GrowthObstacle.OTHER, text, List.of(), null);
            unforeseen.addSuppressed(undoneUnlessStopping(created.id(), tied, failure));
            throw unforeseen;
        }
    }

    /// Waits until EC2 says that the ENI is attached to this instance.
    Ec2Eni attached(EniId id, String instanceId) throws Ec2Failure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            @Nullable Ec2Failure blind = null;
            try {
                Ec2Eni eni = ec2.eni(id);
                @Nullable EniAttachment tie = eni.attachment();
                if (tie != null
                        && tie.state() == EniAttachment.State.ATTACHED
                        && tie.instanceId().equals(instanceId)) {
                    return eni;
                }
            } catch (Ec2Failure failure) {
                blind = failure;
            }
            if (attempt == ATTACH_WAIT.attemptsMax()) {
                String detail = "not attached within " + ATTACH_WAIT.total().toSeconds() + " s";
                throw new Ec2Failure(Kind.CONFLICT, "DescribeNetworkInterfaces", id.value(), "", detail, blind);
            }
            pause.of(ATTACH_WAIT.after(attempt));
        }
    }

    /// The lowest one that EC2 says is free on the card.
    private int freeDeviceIndex(NodeStart node, int networkCard) throws Ec2Failure, EniFailure {
        String instanceId = node.identity().instanceId();
        Set<Integer> taken = new TreeSet<>();
        for (Ec2Eni eni : ec2.enisOf(instanceId)) {
            @Nullable EniAttachment tie = eni.attachment();
            if (tie != null && tie.networkCard() == networkCard) {
                taken.add(tie.deviceIndex());
            }
        }
        List<Integer> enisMax = node.limits().enisMaxByCard();
        if (networkCard >= enisMax.size() || taken.size() >= enisMax.get(networkCard)) {
            String text = instanceId + " holds " + taken.size() + " ENIs on network card " + networkCard + ", all that "
                    + node.identity().instanceType() + " may have: use a larger instance type";
            throw new EniFailure(GrowthObstacle.ENI_LIMIT, text, List.of(), null);
        }
        int index = 1;
        while (taken.contains(index)) {
            index++;
        }
        return index;
    }

    private Ec2Eni create(NodeStart node, BlockKind kind, int count) throws Ec2Failure, InterruptedException {
        NodeIdentity identity = node.identity();
        EniRequest request = new EniRequest(
                identity.subnetId(),
                identity.securityGroups(),
                kind,
                Math.min(count, node.limits().slotsPerEni()),
                EniLabels.description(identity.instanceId()),
                labels.tags(identity.instanceId()));
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        String clientToken = HexFormat.of().formatHex(token);
        for (int attempt = 1; ; attempt++) {
            try {
                return ec2.create(request, clientToken);
            } catch (Ec2Failure failure) {
                if (failure.kind() != Kind.OUTCOME_UNKNOWN || attempt == CREATE_ATTEMPTS_MAX) {
                    throw failure;
                }
            }
            pause.of(ATTACH_WAIT.after(attempt));
        }
    }

    /// A lost answer to the attachment is no answer to delete-on-termination either: the ENI is then taken away.
    private void attach(EniId id, String instanceId, int networkCard, int deviceIndex) throws Ec2Failure {
        String attachmentId = ec2.attach(id, instanceId, networkCard, deviceIndex);
        log.atDebug()
                .addKeyValue("eni", id)
                .addKeyValue("attachment", attachmentId)
                .addKeyValue("index", deviceIndex)
                .log("Attaching ENI");
    }

    /// A description can lag behind the answer to the create call, which names blocks that the ENI has.
    private static Ec2Eni withWhatWasPromised(Ec2Eni now, Ec2Eni created) {
        List<Cidr> blocks = new ArrayList<>(created.blocks());
        blocks.addAll(now.blocks());
        return now.withBlocks(blocks).withMac(now.mac() == null ? created.mac() : now.mac());
    }

    private EniFailure undoneUnlessStopping(EniId id, boolean tied, EniFailure failure) {
        if (!Thread.interrupted()) {
            return undone(id, failure);
        }
        stopping(id, tied);
        Thread.currentThread().interrupt();
        return failure;
    }

    /// The daemon stops and a detach would not end in time: an attached ENI stays, the next start adopts it. One that
    /// is not attached is deleted in one call. Wants the interrupt cleared, which would abort that call.
    private void stopping(EniId id, boolean tied) {
        if (tied) {
            log.atInfo().addKeyValue("eni", id).log("Stopped while attaching an ENI: the next start adopts it");
            return;
        }
        try {
            ec2.delete(id);
        } catch (Ec2Failure left) {
            log.atError()
                    .addKeyValue("eni", id)
                    .addKeyValue("cause", String.valueOf(left.getMessage()))
                    .log("Stopped before an ENI was attached, and it is left behind: delete it by hand");
        }
    }

    /// Takes the ENI away again. Gives the failure back, with the ENI named in it when it is left behind.
    private EniFailure undone(EniId id, EniFailure failure) {
        try {
            removal.undo(id);
            return failure;
        } catch (Ec2Failure left) {
            return leaked(id, failure, left);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return leaked(id, failure, stopped);
        }
    }

    private static EniFailure leaked(EniId id, EniFailure failure, Exception left) {
        log.atError()
                .addKeyValue("eni", id)
                .addKeyValue("cause", String.valueOf(left.getMessage()))
                .log("An ENI is left behind: detach and delete it by hand");
        String text = failure.getMessage() + "; " + id + " is left behind: detach and delete it by hand ("
                + left.getMessage() + ")";
        EniFailure both = new EniFailure(failure.obstacle(), text, List.of(id), failure);
        both.addSuppressed(left);
        return both;
    }
}
