package io.vpceni.ipamd;

import io.vpceni.config.TakeoverSettings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.network.Leftover;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.NodeKernel;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds at start what another CNI plugin left on the node, and logs each object with its effect and the command that
/// shows or deletes it. See docs/leftovers.md.
final class Takeover {
    private static final Logger log = LoggerFactory.getLogger(Takeover.class);
    private static final Duration LOOK_AGAIN_EVERY = Duration.ofSeconds(15);

    private final NodeKernel host;
    private final TakeoverSettings settings;
    private final Readiness readiness;
    private final Metrics metrics;

    Takeover(NodeKernel host, TakeoverSettings settings, Readiness readiness, Metrics metrics) {
        this.host = host;
        this.settings = settings;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /// Searches the node, and does not return while it must not be taken over. Nothing on it is changed meanwhile.
    ///
    /// @param first whether no ipamd has served here yet; a node that was served before is always taken over
    /// @throws InterruptedException when ipamd is stopped meanwhile
    List<Leftover> awaitAllowed(List<AttachedEni> enis, boolean first, CountDownLatch stop)
            throws InterruptedException {
        boolean said = false;
        while (true) {
            List<Leftover> found = look();
            trunk(enis, found);
            List<Leftover> branches = found.stream()
                    .filter(leftover -> leftover.kind() == Leftover.Kind.BRANCH_ENIS)
                    .toList();
            if (branches.isEmpty() || !first || settings.ignoreBranchEnis()) {
                return found;
            }
            Leftover branch = branches.getFirst();
            readiness.starting("ipamd does not take this node over: " + branch.object() + ": " + branch.effect()
                    + "; what to do: " + branch.command() + "; or set VPC_ENI_IGNORE_BRANCH_ENIS=true");
            if (!said) {
                said = true;
                say(branches);
                log.atError()
                        .log("ipamd does not take this node over and has changed nothing on it; it checks again every "
                                + "15 s. VPC_ENI_IGNORE_BRANCH_ENIS=true overrides this");
            }
            if (stop.await(LOOK_AGAIN_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("ipamd was stopped while it refused the node");
            }
        }
    }

    /// A failed search is logged and does not stop the start.
    private List<Leftover> look() {
        try {
            return new ArrayList<>(host.leftovers());
        } catch (NetworkFailure | RuntimeException e) {
            metrics.error("leftovers");
            log.atWarn()
                    .setCause(e)
                    .log("The node could not be searched for remains of another CNI plugin; ipamd goes on and "
                            + "searches again at its next start");
            return new ArrayList<>();
        }
    }

    private boolean awsRulesAreTakenAway() {
        try {
            return settings.removeAwsRules() && host.removeAwsRules();
        } catch (NetworkFailure | RuntimeException e) {
            metrics.error("leftovers");
            log.atError()
                    .setCause(e)
                    .log("The AWS VPC CNI's rules could not be deleted and all of them stay; ipamd goes on and "
                            + "tries again at its next start. Delete them by hand with the commands below");
            return false;
        }
    }

    /// A trunk ENI stays attached as long as branch ENIs may come, even when there are none now.
    private static void trunk(List<AttachedEni> enis, List<Leftover> found) {
        boolean known = found.stream().anyMatch(leftover -> leftover.kind() == Leftover.Kind.BRANCH_ENIS);
        enis.stream()
                .filter(eni -> eni.role() == EniRole.TRUNK && !known)
                .findFirst()
                .ifPresent(eni -> found.add(new Leftover(
                        Leftover.Kind.BRANCH_ENIS,
                        "the trunk ENI " + eni.id() + ", which carries pods with security groups of their own",
                        "ipamd serves no branch ENIs: such pods would get the node's security groups instead",
                        "kubectl drain this node and replace it by one that never had ENABLE_POD_ENI; aws ec2"
                                + " describe-network-interfaces --network-interface-ids " + eni.id())));
    }

    /// Deletes the AWS VPC CNI's rules when the settings say so, and logs the other objects. To be called once
    /// ipamd's own rules are in place.
    ///
    /// @return what stays
    List<Leftover> settle(List<Leftover> found) {
        List<Leftover> left = new ArrayList<>(found);
        if (awsRulesAreTakenAway()) {
            left.removeIf(leftover -> {
                boolean gone = leftover.kind() == Leftover.Kind.AWS_RULES;
                if (gone) {
                    log.atInfo()
                            .addKeyValue("what", leftover.object())
                            .log("Deleted the AWS VPC CNI's rules: VPC_ENI_REMOVE_AWS_RULES");
                }
                return gone;
            });
        }
        say(left);
        metrics.leftOver(left.stream().map(leftover -> leftover.kind().name()).toList());
        return List.copyOf(left);
    }

    private static void say(List<Leftover> left) {
        for (Leftover leftover : left) {
            log.atWarn()
                    .addKeyValue("kind", leftover.kind())
                    .addKeyValue("what", leftover.object())
                    .addKeyValue("effect", leftover.effect())
                    .addKeyValue("command", leftover.command())
                    .log("Another CNI plugin left objects on this node");
        }
    }
}
