package io.vpceni.eni.imds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.ImdsFailure.Kind;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.VpcId;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a little IMDS on the JDK's HTTP server.
class HttpImdsTest {

    private static final String MAC = "network/interfaces/macs/02:aa:00:00:00:01/";

    private final Map<String, String> keys = new TreeMap<>();

    private final Deque<Integer> refusals = new ArrayDeque<>();

    private final List<Duration> pauses = new ArrayList<>();

    private final List<String> asked = new ArrayList<>();

    private final ImdsMeter meter = new ImdsMeter() {
        @Override
        public void answered(Path path, Outcome outcome, Duration took) {
            asked.add(path + " " + outcome);
        }

        @Override
        public void held(Duration wait) {
            asked.add("held " + wait.toMillis());
        }
    };

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    private int tokens;

    private int tokenStatus = 200;

    private HttpServer server;

    private HttpImds imds;

    HttpImdsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        imds = new HttpImds(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), () -> now, pauses::add, meter);
    }

    @BeforeEach
    void start() {
        server.createContext("/latest/api/token", this::token);
        server.createContext("/latest/meta-data/", this::key);
        server.start();
        keys.put("mac", "02:aa:00:00:00:01");
        keys.put("instance-id", "i-1");
        keys.put("instance-type", "t3.small");
        keys.put("placement/region", "eu-west-1");
        keys.put("placement/availability-zone", "eu-west-1a");
        keys.put("local-ipv4", "10.0.0.10");
        keys.put(MAC + "vpc-id", "vpc-1");
        keys.put(MAC + "subnet-id", "subnet-1");
        keys.put(MAC + "security-group-ids", "sg-1\nsg-2");
        keys.put(MAC + "vpc-ipv4-cidr-blocks", "10.0.0.0/16\n100.64.0.0/16");
        keys.put(MAC + "interface-id", "eni-00000001");
        keys.put(MAC + "subnet-ipv4-cidr-block", "10.0.0.0/24");
        keys.put("network/interfaces/macs/", "02:aa:00:00:00:01/\n02:aa:00:00:00:02/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theIdentityIsReadWithOneToken() throws ImdsFailure {
        NodeIdentity identity = imds.identity();

        assertThat(identity)
                .isEqualTo(new NodeIdentity(
                        new InstanceId("i-1"),
                        "t3.small",
                        new VpcId("vpc-1"),
                        "eu-west-1",
                        new SubnetId("subnet-1"),
                        "eu-west-1a",
                        List.of("sg-1", "sg-2"),
                        List.of(Cidr.parse("10.0.0.0/16"), Cidr.parse("100.64.0.0/16")),
                        MacAddress.parse("02:aa:00:00:00:01"),
                        InetAddress.ofLiteral("10.0.0.10")));
        assertThat(tokens).isEqualTo(1);
    }

    @Test
    void blocksThatTheVpcGetsLaterAreToldWithoutTheRest() throws ImdsFailure {
        keys.remove("placement/region");

        assertThat(imds.vpcCidrs()).containsExactly(Cidr.parse("10.0.0.0/16"), Cidr.parse("100.64.0.0/16"));
    }

    @Test
    void anInterfaceThatIsHalfThereIsLeftOut() throws ImdsFailure {
        assertThat(imds.enis())
                .containsExactly(new ImdsEni(
                        new EniId("eni-00000001"), MacAddress.parse("02:aa:00:00:00:01"), Cidr.parse("10.0.0.0/24")));
    }

    @Test
    void aRefusedTokenIsReplacedAtOnce() throws ImdsFailure {
        imds.enis();
        refusals.add(401);

        imds.enis();

        assertThat(tokens).isEqualTo(2);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aTokenIsRenewedBeforeItExpires() throws ImdsFailure {
        imds.enis();
        now = now.plusSeconds(91);

        imds.enis();

        assertThat(tokens).isEqualTo(2);
    }

    @Test
    void aPassingFailureIsWaitedOut() throws ImdsFailure {
        refusals.addAll(List.of(503, 500));

        assertThat(imds.enis()).hasSize(1);

        assertThat(pauses).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void whenNobodyAnswersTheWaitIsBounded() {
        server.stop(0);

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, () -> imds.identity());

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure).hasMessageContaining("/latest/api/token").hasMessageContaining("reachable");
        assertThat(pauses).hasSize(MetadataSession.ATTEMPTS_MAX - 1);
    }

    @Test
    void withoutATokenTheFailureSaysWhatToAllow() {
        tokenStatus = 403;

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, () -> imds.identity());

        assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(failure).hasMessageContaining("IMDSv2");
    }

    @Test
    void aMissingKeyIsNamed() {
        keys.remove("placement/region");

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, () -> imds.identity());

        assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure).hasMessageContaining("placement/region");
    }

    @ParameterizedTest
    @ValueSource(strings = {"instance-id", MAC + "vpc-id", MAC + "subnet-id"})
    void aBlankIdIsNamed(String key) {
        keys.put(key, " ");

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, () -> imds.identity());

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure).hasMessageContaining(key + ": the id of the ").hasMessageContaining(" is blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {MAC + "device-number", MAC + "network-card"})
    void aNegativeIndexIsNamed(String key) {
        keys.put("network/interfaces/macs/", "02:aa:00:00:00:01/");
        keys.put(MAC + "device-number", "0");
        keys.put(key, "-1");

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, () -> imds.interfaces(new InstanceId("i-1")));

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure).hasMessageContaining(key + ": '-1' is negative");
    }

    @Test
    void nonsenseIsNamed() {
        keys.put("local-ipv4", "ten");

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, () -> imds.identity());

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure).hasMessageContaining("local-ipv4");
    }

    @Test
    void everyRequestIsCountedByItsKindAndOutcome() throws ImdsFailure {
        refusals.addAll(List.of(401, 500));

        assertThat(imds.isEnding()).isFalse();

        assertThat(asked)
                .containsExactly(
                        "TOKEN OK", "ENDING REFUSED", "TOKEN OK", "ENDING FAILED", "ENDING MISSING", "ENDING MISSING");
    }

    @Test
    void aSwitchedOffServiceIsNotAskedAgainAndAgain() throws ImdsFailure {
        imds.isEnding();
        refusals.addAll(List.of(403, 403, 403));
        asked.clear();

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, () -> imds.enis());

        assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(asked).containsExactly("INTERFACES REFUSED", "INTERFACES REFUSED");
    }

    @Test
    void anAnswerThatDoesNotComeIsASilence() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/latest/meta-data/spot/", exchange -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(exchange, 404, "");
        });
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        HttpImds hurried = new HttpImds(endpoint, () -> now, pauses::add, meter, Duration.ofMillis(50));

        ImdsFailure failure = catchThrowableOfType(ImdsFailure.class, hurried::isEnding);
        over.countDown();

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(asked).containsExactly("TOKEN OK", "ENDING SILENT", "ENDING SILENT");
        assertThat(pauses).containsExactly(Duration.ofMillis(100));
    }

    @Test
    void anInstanceEndsWhenEc2TakesItBackOrItsGroupScalesIn() throws ImdsFailure {
        assertThat(imds.isEnding()).isFalse();
        keys.put("autoscaling/target-lifecycle-state", "InService");
        assertThat(imds.isEnding()).isFalse();
        keys.put("autoscaling/target-lifecycle-state", "Terminated");
        assertThat(imds.isEnding()).isTrue();
        keys.remove("autoscaling/target-lifecycle-state");
        keys.put("spot/instance-action", "{\"action\": \"terminate\", \"time\": \"2026-11-21T12:02:00Z\"}");
        assertThat(imds.isEnding()).isTrue();
    }

    @Test
    void moreThanItsShareOfRequestsWaits() throws ImdsFailure {
        for (int look = 0; look < 27; look++) {
            imds.enis();
        }

        assertThat(asked).contains("held 25").doesNotContain("held 50000");
        assertThat(pauses).isNotEmpty();
    }

    @Test
    void anInterfaceIsDescribedWithAllThatImdsTells() throws ImdsFailure {
        keys.put(MAC + "device-number", "3");
        keys.put(MAC + "local-ipv4s", "10.0.0.10\n10.0.0.11");
        keys.put(MAC + "ipv4-prefix", "10.0.0.32/28\n10.0.0.48/28");
        keys.put(MAC + "ipv6-prefix", "2001:db8:0:0:1::/80");
        String second = "network/interfaces/macs/02:aa:00:00:00:02/";
        keys.put(second + "interface-id", "eni-00000002");
        keys.put(second + "subnet-id", "subnet-2");
        keys.put(second + "device-number", "2");
        keys.put(second + "network-card", "1");

        List<Ec2Eni> enis = imds.interfaces(new InstanceId("i-1"));

        assertThat(enis).hasSize(2);
        Ec2Eni primary = enis.getFirst();
        assertThat(primary.isPrimary()).isTrue();
        assertThat(primary.subnetId()).hasToString("subnet-1");
        assertThat(primary.groups()).containsExactly("sg-1", "sg-2");
        assertThat(primary.primaryAddress()).isEqualTo(InetAddress.ofLiteral("10.0.0.10"));
        assertThat(primary.blocks())
                .extracting(Cidr::toString)
                .containsExactly("10.0.0.11/32", "10.0.0.32/28", "10.0.0.48/28", "2001:db8:0:0:1:0:0:0/80");
        Ec2Eni rdma = enis.getLast();
        assertThat(rdma.role()).isEqualTo(EniRole.EFA);
        assertThat(rdma.primaryAddress()).isNull();
        assertThat(rdma.attachment())
                .isEqualTo(new EniAttachment(
                        new AttachmentId("untold-by-imds"),
                        new InstanceId("i-1"),
                        new DeviceSlot(1, 2),
                        EniAttachment.State.ATTACHED,
                        true));
    }

    private void token(HttpExchange exchange) throws IOException {
        boolean asked = exchange.getRequestMethod().equals("PUT")
                && exchange.getRequestHeaders().containsKey("X-aws-ec2-metadata-token-ttl-seconds");
        tokens++;
        exchange.getResponseHeaders().add("X-aws-ec2-metadata-token-ttl-seconds", "100");
        answer(exchange, asked ? tokenStatus : 400, "token-" + tokens);
    }

    private void key(HttpExchange exchange) throws IOException {
        Integer refusal = refusals.poll();
        String token = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
        String text = keys.get(exchange.getRequestURI().getPath().substring("/latest/meta-data/".length()));
        if (refusal != null) {
            answer(exchange, refusal, "");
        } else if (!("token-" + tokens).equals(token)) {
            answer(exchange, 401, "");
        } else {
            answer(exchange, text == null ? 404 : 200, text == null ? "" : text);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
