package io.vpceni.ipamd;

import io.vpceni.config.EniSettings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.NodeDiscovery;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.ReadOnlyEc2;
import io.vpceni.eni.Sleeper;
import io.vpceni.eni.SystemSleeper;
import io.vpceni.eni.aws.AwsEc2;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.imds.HttpImds;
import io.vpceni.eni.imds.ImdsEc2;
import io.vpceni.eni.imds.ImdsHealth;
import io.vpceni.eni.lifecycle.EniStateMachine;
import io.vpceni.eni.retry.RetryingEc2;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.eni.site.file.ZoneFile;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.observe.MeteredEc2;
import io.vpceni.ipamd.observe.MeteredImds;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Second stage: reads from IMDS and EC2 what this node is. Repeated until they answer.
final class NodeStage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeStage.class);

    private final DaemonContext context;
    private final ResourceStack opened;
    private final HttpImds imds;
    private final IntentFile.Opened intents;
    private final EniPlacements placements;
    private final Ec2Connection ec2;
    private final RetryingEc2 retrying;
    private final NodeDiscovery discovery;
    private final NodeStart node;

    private NodeStage(DaemonContext context, PagesStage pages, ResourceStack opened)
            throws IOException, InterruptedException {
        this.context = context;
        this.opened = opened;
        context.readiness().starting("ipamd is starting: asking IMDS and EC2 about this node");
        logProxies();
        Sleeper sleeper = new SystemSleeper();
        AtomicReference<String> region = new AtomicReference<>("");
        AwsEc2 aws = opened.add(AwsEc2.open(
                Daemon.VERSION, context.environment(), context.settings().proxies(), context.time(), region::get));
        pages.showAccess(aws::access);
        ImdsHealth health = new ImdsHealth(context.time(), new MeteredImds(context.metrics()));
        this.imds = new HttpImds(imdsEndpoint(), context.time(), sleeper, health);
        this.intents = openIntents();
        StartRetry retry = new StartRetry(context.stop(), context.readiness(), context.metrics());
        NodeIdentity identity = retry.until(imds::identity);
        region.set(identity.region());
        EniSettings settings = context.settings().eni();
        this.placements = new EniPlacements(settings, identity, new ZoneFile(settings.zoneFile()));
        this.ec2 = new Ec2Connection(
                permitted(new MeteredEc2(aws, context.metrics(), context.nanos()), identity),
                aws::circuit,
                aws::access);
        this.retrying = new RetryingEc2(
                ec2.ec2(), BudgetSettings.ofShare(settings.ec2Share()), sleeper, context.steady(), new SecureRandom());
        this.discovery = new NodeDiscovery(retrying, imds, sleeper);
        this.node = retry.until(() -> discover(identity));
        logNode(node);
    }

    static NodeStage start(DaemonContext context, PagesStage pages) throws IOException, InterruptedException {
        return ResourceStack.start(opened -> new NodeStage(context, pages, opened));
    }

    NodeStart node() {
        return node;
    }

    /// The limits for pods, each of which has one interface.
    NodeLimits podLimits() {
        return node.limits().onFirstCard();
    }

    HttpImds imds() {
        return imds;
    }

    NodeDiscovery discovery() {
        return discovery;
    }

    EniPlacements placements() {
        return placements;
    }

    IntentFile.Opened intents() {
        return intents;
    }

    Ec2Connection ec2() {
        return ec2;
    }

    /// The scheduler of EC2 calls, with the throttling that the start has seen. To be called once; only the
    /// caller uses it from then on.
    RequestScheduler handOverScheduler() {
        return retrying.handOver();
    }

    @Override
    public void close() {
        opened.close();
    }

    private NodeStart discover(NodeIdentity identity) throws IOException, InterruptedException {
        lookAtSubnets(identity, context.steady().instant());
        return discovery.start(identity, placements::roleOf, EniStateMachine.notToBeUsed(intents.open()));
    }

    /// Reads the tags of the zone's subnets, so that no pod is put on an ENI whose subnet forbids it. Without
    /// an answer ipamd starts anyway and asks again later.
    private void lookAtSubnets(NodeIdentity identity, Instant now) {
        if (!placements.wantsRegularLook(now)) {
            return;
        }
        try {
            if (retrying.perform(new Ec2Call.SubnetsOf(identity.vpcId(), identity.availabilityZone()))
                    instanceof Ec2Answer.Subnets(var subnets)) {
                placements.saw(subnets, now);
            }
        } catch (Ec2Failure e) {
            placements.unseen(now);
            log.atWarn()
                    .addKeyValue("zone", identity.availabilityZone())
                    .addKeyValue("reason", e.getMessage())
                    .log("EC2 did not list the zone's subnets; ipamd starts without their tags and asks again later");
        }
    }

    /// EC2 with the calls that the settings allow.
    private Ec2 permitted(Ec2 all, NodeIdentity identity) {
        return switch (context.settings().eni().provisioning()) {
            case ON -> all;
            case OFF -> new ReadOnlyEc2(all);
            case IMDS_ONLY -> new ImdsEc2(imds, identity.instanceId());
        };
    }

    /// Not in `/run`, because ENIs survive a reboot.
    private IntentFile.Opened openIntents() {
        IntentFile.Opened found = IntentFile.open(
                new DirectoryDisk(context.settings().daemon().stateDirectory()),
                work -> Thread.ofVirtual().name("intents-compaction").start(work));
        for (Finding finding : found.findings()) {
            context.metrics().found(finding.kind());
            log.atWarn().addKeyValue("kind", finding.kind()).log(finding.text());
        }
        if (!found.open().isEmpty()) {
            log.atInfo()
                    .addKeyValue("intents", found.open())
                    .log("Resuming ENI operations that the restart interrupted");
        }
        return found;
    }

    /// The SDK's variable for another address of IMDS also counts for ipamd's own requests.
    private URI imdsEndpoint() {
        String endpoint = context.environment().getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "");
        return endpoint.isEmpty() ? HttpImds.DEFAULT_ENDPOINT : URI.create(endpoint);
    }

    private void logProxies() {
        if (!context.settings().proxies().lines().isEmpty()) {
            log.atInfo()
                    .addKeyValue("proxies", context.settings().proxies().lines())
                    .log("AWS is called through a proxy; IMDS and the Pod Identity agent are called directly");
        }
    }

    private static void logNode(NodeStart node) {
        log.atInfo()
                .addKeyValue("instance", node.identity().instanceId())
                .addKeyValue("type", node.identity().instanceType())
                .addKeyValue("enis", node.enis().stream().map(AttachedEni::id).toList())
                .addKeyValue("enisMax", node.limits().enisMax())
                .addKeyValue("addressesPerEniMax", node.limits().addressesPerEniMax())
                .log("Found the node");
    }
}
