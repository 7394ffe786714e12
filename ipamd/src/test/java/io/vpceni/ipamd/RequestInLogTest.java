package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.Settings;
import io.vpceni.config.SettingsException;
import io.vpceni.eni.FakeEc2;
import io.vpceni.eni.FakeImds;
import io.vpceni.eni.NodeDiscovery;
import io.vpceni.eni.NodeStart;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.CredentialsSource;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.observe.NoticeLog;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.loop.PoolLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Each line of the log about a request of the pool has its number in the field `request`, from the pool's wish to the
/// last answer. The pool, the ENI machine, both loops and the scheduler are the real ones.
class RequestInLogTest extends NodeWithoutPods {
    private static final Ec2Access ACCESS = new Ec2Access(
            new CredentialsReport(CredentialsSource.INSTANCE_ROLE, "", Instant.EPOCH, "", Optional.empty(), ""),
            Duration.ZERO,
            List.of());

    /// What tells the story of a request that succeeds.
    private static final String WISH = "The pool requests a new ENI";

    private static final String CALL = "Calling EC2";

    private static final String LINK = "Set up an ENI's link";

    private static final String FAILED = "Attaching a new ENI failed; the pool asks again later";

    private static final String END = "The request for a new ENI is done";

    /// A line: its message and its fields.
    private record Line(String message, Map<String, Object> fields) {
        static Line of(ILoggingEvent event) {
            Map<String, Object> fields = new HashMap<>();
            if (event.getKeyValuePairs() != null) {
                event.getKeyValuePairs().forEach(pair -> fields.put(pair.key, String.valueOf(pair.value)));
            }
            return new Line(event.getFormattedMessage(), fields);
        }

        /// "" for none.
        String request() {
            return String.valueOf(fields.getOrDefault("request", ""));
        }

        boolean isOf(String request) {
            return request.equals(request());
        }

        boolean names(String text) {
            return fields.values().stream()
                    .anyMatch(value -> String.valueOf(value).contains(text));
        }
    }

    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private final List<Line> seen = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.vpceni.ipamd");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(Line.of(event));
        }
    };
    private final FakeImds imds = new FakeImds();
    private final FakeEc2 ec2 = new FakeEc2(FakeEc2.Style.EC2).withEni(FakeImds.INSTANCE, 0, 1);
    private final NodeStart node;
    private final EniSubsystem enis;
    private final PoolOwner owner;

    /// What the kernel answers when routes and rules are to be deleted; null: it deletes them.
    private volatile @Nullable IOException refused;

    private volatile @Nullable RuntimeException bug;

    RequestInLogTest(@TempDir Path directory) throws IOException, InterruptedException, SettingsException {
        node = new NodeDiscovery(ec2, imds, _ -> {}).start(imds.identity(), _ -> EniRole.PODS, Set.of());
        Settings settings = Settings.from(
                Map.of("VPC_ENI_STATE_DIRECTORY", directory.toString(), "ENABLE_SUBNET_DISCOVERY", "false"));
        DaemonContext context =
                DaemonContext.of(settings, Map.of(), Clock.systemUTC(), System::nanoTime, new CountDownLatch(1));
        enis = new EniSubsystem(
                node,
                new EniPlacements(settings.eni(), node.identity(), _ -> Optional.empty()),
                IntentFile.open(new DirectoryDisk(directory), Runnable::run),
                new RequestScheduler(BudgetSettings.ofShare(1), 1),
                new Ec2Connection(ec2, () -> Ec2Circuit.CLOSED, () -> ACCESS),
                this,
                ClusterSources.none(new NoticeLog()::take),
                context);
        WarmPool pool = new WarmPool(settings.pool(), node.limits());
        owner = new PoolOwner(new PoolLoop(pool, this, enis, this), context.steady(), _ -> {});
    }

    @BeforeEach
    void listen() {
        logger.setLevel(Level.DEBUG);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
        enis.close();
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private void start() throws InterruptedException {
        owner.start();
        for (var eni : node.enis()) {
            owner.tell(new Message.EniFound(
                    new io.vpceni.pool.Eni(
                            eni.id(), DeviceSlot.PRIMARY, true, node.limits().addressesPerEniMax() - 1),
                    eni.blocks()));
        }
        enis.start(node.enis(), owner);
    }

    @Test
    void eachLineOfAGrowthHasItsRequest() throws InterruptedException {
        start(); // WARM_ENI_TARGET is 1: the pool requests a second ENI by itself

        Line end = await(END);

        String request = end.request();
        assertThat(request).isNotEmpty();
        assertThat(messagesOf(request)).startsWith(WISH).contains(CALL, LINK).endsWith(END);
        assertThat(actionsOf(request)).contains("CreateNetworkInterface", "AttachNetworkInterface");
        assertThat(seen)
                .filteredOn(line -> line.names(String.valueOf(end.fields().get("eni"))))
                .isNotEmpty()
                .allMatch(line -> line.isOf(request));
    }

    @Test
    void aCallThatFailsHasTheRequestThatItIsMadeFor() throws InterruptedException {
        ec2.failing(FakeEc2.Verb.CREATE, new FakeEc2.Fault.Refused(io.vpceni.eni.Ec2Failure.Kind.UNAUTHORIZED));
        start();

        Line end = await(FAILED);

        assertThat(seen)
                .filteredOn(line -> line.isOf(end.request()))
                .extracting(Line::message)
                .containsSubsequence(WISH, CALL, "A call to EC2 failed", FAILED);
    }

    @Test
    void aThrottledCallIsRepeatedUnderItsRequest() throws InterruptedException {
        ec2.failing(FakeEc2.Verb.CREATE, new FakeEc2.Fault.Refused(io.vpceni.eni.Ec2Failure.Kind.THROTTLED));
        start();

        Line end = await(END);

        assertThat(messagesOf(end.request()))
                .containsSubsequence(CALL, "A call to EC2 failed", "A call to EC2 is queued again", CALL, END);
    }

    @Test
    void twoGrowthsAtOnceDoNotMix() throws InterruptedException {
        enis.start(node.enis(), owner);
        owner.start();
        enis.ask(new Effect.AddEni(1001, 0, BlockKind.ADDRESS, 1), false);
        enis.ask(new Effect.AddEni(1002, 0, BlockKind.ADDRESS, 1), false);

        Line one = await(END);
        Line other = await(END);

        assertThat(List.of(one, other)).extracting(Line::request).containsExactlyInAnyOrder("1001", "1002");
        for (Line end : List.of(one, other)) {
            String request = end.request();
            String eni = String.valueOf(end.fields().get("eni"));
            assertThat(messagesOf(request)).startsWith(WISH).contains(CALL, LINK, END);
            assertThat(seen).filteredOn(line -> line.names(eni)).isNotEmpty().allMatch(line -> line.isOf(request));
        }
    }

    @Test
    void routesAndRulesThatStayAreToldWithTheRemovalsRequest() throws InterruptedException {
        start();
        EniId eni = new EniId(String.valueOf(await(END).fields().get("eni"))); // the pool's own growth
        refused = new IOException("Device or resource busy");

        enis.ask(new Effect.RemoveEni(1003, eni), false);

        assertThat(await("Routes and rules of a detached ENI could not be deleted")
                        .request())
                .isEqualTo("1003");
    }

    @Test
    void aBugWhileRoutesAndRulesAreDeletedIsToldWithTheRemovalsRequest() throws InterruptedException {
        start();
        EniId eni = new EniId(String.valueOf(await(END).fields().get("eni")));
        bug = new IllegalStateException("planted");

        enis.ask(new Effect.RemoveEni(1004, eni), false);

        assertThat(await("Deleting routes and rules of a detached ENI failed because of a bug")
                        .request())
                .isEqualTo("1004");
    }

    @Override
    public void takeDown(EniId eni) throws IOException {
        if (bug != null) {
            throw bug;
        }
        if (refused != null) {
            throw refused;
        }
    }

    private List<String> messagesOf(String request) {
        return seen.stream()
                .filter(line -> line.isOf(request))
                .map(Line::message)
                .toList();
    }

    private List<String> actionsOf(String request) {
        return seen.stream()
                .filter(line -> line.isOf(request) && line.fields().containsKey("action"))
                .map(line -> String.valueOf(line.fields().get("action")))
                .toList();
    }

    /// Reads lines until that one comes.
    private Line await(String message) throws InterruptedException {
        while (true) {
            Line next = lines.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("no line \"%s\" after %s", message, seen).isNotNull();
            seen.add(next);
            if (next.message().equals(message)) {
                return next;
            }
        }
    }
}
