package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PluginTest {
    private static final String CONFIGURATION =
            "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\",\"ipamdSocket\":\"/s/ipamd.sock\"";

    private final FakePosix posix = new FakePosix();

    @AfterEach
    void nothingStaysOpen() {
        assertThat(posix.open).isEmpty();
    }

    @Test
    void versionIsAnsweredWithoutIpamd() {
        run("VERSION", "{\"cniVersion\":\"1.1.0\"}");

        assertThat(posix.printed())
                .isEqualTo("{\"cniVersion\":\"1.1.0\","
                        + "\"supportedVersions\":[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}");
        assertThat(posix.connectedTo).isEmpty();
    }

    @Test
    void versionNeedsNoConfiguration() {
        assertThat(run("VERSION", "")).isZero();
        assertThat(posix.printed()).startsWith("{\"cniVersion\":\"1.0.0\",\"supportedVersions\":[");
    }

    @Test
    void aPersonWhoRunsItLearnsWhatItIs() {
        assertThat(new Plugin(posix).run()).isEqualTo(1);

        assertError(4, "CNI_COMMAND is missing: vpc-eni is a CNI plugin, which a container runtime executes");
    }

    @Test
    void anUnknownCommandIsNamedWithWhatIsAllowed() {
        assertThat(run("add", CONFIGURATION + "}")).isEqualTo(1);

        assertError(4, "CNI_COMMAND='add': want ADD, DEL, CHECK, GC, STATUS or VERSION");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "\"text\"", "null", "{\"cniVersion\":\"1.0.0\"} x"})
    void aConfigurationThatIsNoObjectIsUndecodable(String stdin) {
        assertThat(run("ADD", stdin)).isEqualTo(1);

        assertError(6, "the network configuration on stdin is no");
        assertThat(posix.connectedTo).isEmpty();
    }

    @Test
    void anErrorCarriesTheVersionThatWasAsked() {
        run("ADD", "{\"cniVersion\":\"0.4.0\",\"ipamdWaitSeconds\":0}");

        assertThat(error().cniVersion()).isEqualTo("0.4.0");
    }

    @Test
    void aMebibyteOfConfigurationIsReadAndMoreRefused() {
        String most =
                CONFIGURATION + ",\"x\":\"" + "x".repeat(Plugin.STDIN_BYTES_MAX - CONFIGURATION.length() - 8) + "\"}";
        posix.connections.add(answering(0, "{}"));
        assertThat(most).hasSize(Plugin.STDIN_BYTES_MAX);

        assertThat(run("ADD", most + " ")).isEqualTo(1);

        assertError(5, "more than 1 MiB");
        assertThat(posix.connectedTo).isEmpty();
    }

    @Test
    void aMissingConfigurationIsSaidToBeMissing() {
        assertThat(run("ADD", "")).isEqualTo(1);

        assertError(6, "there is no network configuration on stdin");
    }

    @Test
    void whoMayNotTalkToIpamdIsToldAtOnce() {
        posix.connections.add(FakePosix.Connection.refused(13));

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);

        assertThat(posix.sleeps).isEmpty();
        assertError(
                5, "ipamd cannot be reached at /s/ipamd.sock (EACCES: permission denied); the plugin must run as root");
    }

    @Test
    void stdinThatCannotBeReadIsAnIoFailure() {
        posix.stdinErrno = 13;

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);

        assertError(5, "stdin cannot be read: EACCES");
    }

    @Test
    void stdinThatNeverEndsIsNotWaitedForForEver() {
        posix.stdinNeverEnds = true;
        long start = posix.now;

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);

        assertError(5, "the network configuration on stdin did not end within 10 s");
        assertThat(posix.now - start).isEqualTo(10_000);
        assertThat(posix.connectedTo).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8192})
    void theRequestReachesIpamdAsTheRuntimeGaveIt(int chunk) {
        posix.stdinChunk = chunk;
        posix.environment.putAll(Map.of(
                "CNI_CONTAINERID",
                "c1",
                "CNI_NETNS",
                "/var/run/netns/x",
                "CNI_IFNAME",
                "eth0",
                "CNI_ARGS",
                "K8S_POD_NAME=ü",
                "CNI_PATH",
                "/opt/cni/bin",
                "HOME",
                "/root"));
        posix.connections.add(answering(0, "{\"cniVersion\":\"1.0.0\"}\n"));

        assertThat(run("ADD", CONFIGURATION + "}")).isZero();

        assertThat(posix.printed()).isEqualTo("{\"cniVersion\":\"1.0.0\"}\n");
        assertThat(posix.connectedTo).containsExactly("/s/ipamd.sock");
        CniRequest request = request(0);
        assertThat(request.getStdin().toStringUtf8()).isEqualTo(CONFIGURATION + "}");
        assertThat(request.getEnvironmentList())
                .extracting(variable -> variable.getName() + "=" + variable.getValue())
                .containsExactly(
                        "CNI_COMMAND=ADD",
                        "CNI_CONTAINERID=c1",
                        "CNI_NETNS=/var/run/netns/x",
                        "CNI_IFNAME=eth0",
                        "CNI_ARGS=K8S_POD_NAME=ü",
                        "CNI_PATH=/opt/cni/bin");
        assertThat(posix.handedOver).singleElement().satisfies(handed -> {
            assertThat(handed.socket()).isEqualTo("/s/netns.sock");
            assertThat(handed.bytes())
                    .hasSize(16)
                    .isEqualTo(request.getNetnsNonce().toByteArray());
        });
    }

    @Test
    void theCallIsGrpcWithADeadline() {
        posix.connections.add(answering(0, "{}"));

        run("ADD", CONFIGURATION + "}");

        assertThat(Frames.sentHeaders(posix.sent.getFirst().toByteArray()))
                .containsEntry(":method", "POST")
                .containsEntry(":path", "/vpceni.v1.Cni/Call")
                .containsEntry("content-type", "application/grpc")
                .containsEntry("te", "trailers")
                .hasEntrySatisfying("grpc-timeout", value -> assertThat(value).matches("[0-9]{1,8}m"));
    }

    @Test
    void aCniErrorOfIpamdIsPrintedAsItIs() {
        posix.connections.add(answering(1, "{\"code\":7,\"msg\":\"no\"}"));

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);

        assertThat(posix.printed()).isEqualTo("{\"code\":7,\"msg\":\"no\"}");
    }

    @Test
    void withoutANamespaceNothingIsHandedOver() {
        posix.connections.add(answering(0, ""));

        assertThat(run("DEL", CONFIGURATION + "}")).isZero();

        assertThat(posix.handedOver).isEmpty();
        assertThat(request(0).getNetnsNonce().isEmpty()).isTrue();
    }

    @Test
    void aNamespaceThatCannotBeOpenedIsIpamdsToJudge() {
        posix.environment.put("CNI_NETNS", "/gone");
        posix.openErrnos.put("/gone", Posix.ENOENT);
        posix.connections.add(answering(0, ""));

        assertThat(run("ADD", CONFIGURATION + "}")).isZero();

        assertThat(request(0).getNetnsErrno()).isEqualTo(2);
        assertThat(request(0).getNetnsNonce().isEmpty()).isTrue();
        assertThat(posix.handedOver).isEmpty();
    }

    @Test
    void aDelHandsNoNamespaceOver() {
        posix.environment.put("CNI_NETNS", "/run/netns/a");
        posix.connections.add(answering(0, ""));

        assertThat(run("DEL", CONFIGURATION + "}")).isZero();

        assertThat(posix.handedOver).isEmpty();
        assertThat(request(0).getNetnsNonce().isEmpty()).isTrue();
    }

    @Test
    void addWaitsForAnIpamdThatIsAway() {
        posix.connections.add(FakePosix.Connection.refused(Posix.ENOENT));
        posix.connections.add(FakePosix.Connection.refused(Posix.ECONNREFUSED));
        posix.connections.add(FakePosix.Connection.refused(11)); // EAGAIN: its queue of connections is full
        posix.connections.add(answering(0, "{}"));

        assertThat(run("ADD", CONFIGURATION + "}")).isZero();

        assertThat(posix.printed()).isEqualTo("{}");
        assertThat(posix.sleeps).containsExactly(10L, 20L, 40L);
    }

    @Test
    void anAddThatWaitedForIpamdTellsWhenItBegan() {
        long began = posix.monotonicNanos();
        posix.connections.add(FakePosix.Connection.refused(Posix.ECONNREFUSED));
        posix.connections.add(answering(0, "{}"));

        assertThat(run("ADD", CONFIGURATION + "}")).isZero();

        assertThat(request(posix.sent.size() - 1).getBeganNanos())
                .isEqualTo(began)
                .isLessThan(posix.monotonicNanos());
    }

    @ParameterizedTest
    @CsvSource({
        "ADD,3,3000",
        "ADD,0,0",
        "ADD,100,100000",
        "DEL,60,5000",
        "DEL,2,2000",
        "STATUS,60,0",
        "CHECK,60,0",
        "GC,60,0"
    })
    void waitingHasABound(String command, String seconds, long millis) {
        long start = posix.now;

        assertThat(run(command, CONFIGURATION + ",\"ipamdWaitSeconds\":" + seconds + "}"))
                .isEqualTo(1);

        assertThat(posix.now - start).isBetween(Math.max(0, millis - 250), millis);
        assertThat(posix.sleeps).allMatch(sleep -> sleep <= 250);
        assertError(
                command.equals("STATUS") ? 50 : 11,
                "ipamd cannot be reached at /s/ipamd.sock (ECONNREFUSED: nobody serves it)"
                        + (command.equals("STATUS") ? " and has not served for a minute" : "")
                        + "; is the vpc-eni pod of this node running? Its log says why not");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "60,0", "61,1", "-1,1", "-2,1"})
    void statusIsGoodForAMinuteAfterIpamdServed(long seconds, int exitCode) {
        posix.secondsSinceWritten.put("/s/served", seconds);

        assertThat(run("STATUS", CONFIGURATION + "}")).isEqualTo(exitCode);

        assertThat(posix.printed().isEmpty()).isEqualTo(exitCode == 0);
        assertThat(posix.sleeps).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"30,0", "31,1"})
    void whatWasWrittenBeforeTheMachineStartedPromisesNothing(long seconds, int exitCode) {
        posix.now = 30_000;
        posix.secondsSinceWritten.put("/s/served", seconds);

        assertThat(run("STATUS", CONFIGURATION + "}")).isEqualTo(exitCode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADD", "DEL", "CHECK", "GC"})
    void nothingElseIsGoodBecauseIpamdServed(String command) {
        posix.secondsSinceWritten.put("/s/served", 1L);

        assertThat(run(command, CONFIGURATION + "}")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"ipamdWaitSeconds\":null"})
    void addWaitsAMinuteWhenTheConfigurationDoesNotSay(String member) {
        long start = posix.now;

        run("ADD", CONFIGURATION + member + "}");

        assertThat(posix.now - start).isBetween(59_750L, 60_000L);
    }

    @Test
    void withoutASocketInTheConfigurationTheUsualOneIsTaken() {
        run("STATUS", "{\"cniVersion\":\"1.1.0\"}");

        assertThat(posix.connectedTo).containsExactly("/run/vpc-eni/ipamd.sock");
    }

    @Test
    void aLostConnectionIsTriedAgainWithAFreshDescriptorAndNonce() {
        posix.environment.put("CNI_NETNS", "/var/run/netns/x");
        posix.connections.add(
                FakePosix.Connection.bringing(new Frames().settings().bytes()));
        posix.connections.add(answering(0, "{}"));

        assertThat(run("ADD", CONFIGURATION + "}")).isZero();

        assertThat(posix.handedOver).hasSize(2);
        FakePosix.HandedOver first = posix.handedOver.getFirst();
        FakePosix.HandedOver second = posix.handedOver.getLast();
        assertThat(second.descriptor()).isNotEqualTo(first.descriptor());
        assertThat(second.bytes()).isNotEqualTo(first.bytes());
        assertThat(request(0).getNetnsNonce().toByteArray()).isEqualTo(first.bytes());
        assertThat(request(1).getNetnsNonce().toByteArray()).isEqualTo(second.bytes());
    }

    @Test
    void aSocketForNamespacesThatIsNotThereYetIsWaitedFor() {
        posix.environment.put("CNI_NETNS", "/var/run/netns/x");
        posix.handOverErrno = Posix.ENOENT;
        for (int i = 0; i < 1_000; i++) {
            posix.connections.add(answering(0, "{}"));
        }

        assertThat(run("ADD", CONFIGURATION + ",\"ipamdWaitSeconds\":1}")).isEqualTo(1);

        assertError(11, "ipamd did not take the network namespace (ENOENT: no such file)");
        assertThat(posix.handedOver).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @CsvSource({
        "14,11,ipamd is stopping: gRPC status 14: größer % als %zz",
        "1,11,ipamd is stopping",
        "4,11,ipamd did not answer in time: gRPC status 4",
        "8,11,ipamd did not answer in time: gRPC status 8",
        "12,100,did not understand the plugin",
        "13,100,gRPC status 13: größer % als %zz; the plugin and ipamd",
        "99,100,gRPC status 99"
    })
    void aGrpcStatusBecomesACniError(String status, int code, String text) {
        for (int i = 0; i < 1_000; i++) {
            posix.connections.add(FakePosix.Connection.bringing(new Frames()
                    .settings()
                    .trailers(":status", "200", "grpc-status", status, "grpc-message", "gr%C3%B6%c3%9Fer %25 als %zz")
                    .bytes()));
        }

        assertThat(run("ADD", CONFIGURATION + ",\"ipamdWaitSeconds\":1}")).isEqualTo(1);

        assertError(code, text);
        assertThat(posix.sent.size() > 1).isEqualTo(status.equals("14") || status.equals("1"));
    }

    @Test
    void anAnswerWithoutGrpcStatusNamesTheHttpStatus() {
        posix.connections.add(FakePosix.Connection.bringing(
                new Frames().settings().trailers(":status", "415").bytes()));

        run("ADD", CONFIGURATION + "}");

        assertError(100, "gRPC status missing, HTTP 415");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "00", "0000000005aabb", "000000000108aa", "01000000020801", "00ffffffff", "0000000001 08"})
    void aBodyThatIsNotOneMessageIsBroken(String hex) {
        byte[] body = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        posix.connections.add(FakePosix.Connection.bringing(new Frames()
                .responseHeaders()
                .data(body)
                .trailers("grpc-status", "0")
                .bytes()));

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);

        assertError(100, "ipamd's answer");
    }

    @Test
    void silenceEndsAtTheCallsDeadline() {
        posix.connections.add(
                FakePosix.Connection.bringing(new Frames().settings().bytes()).thenFailingWith(Posix.ETIMEDOUT));
        long start = posix.now;

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);

        assertError(11, "ipamd did not answer in time; see the log of the vpc-eni pod of this node");
        assertThat(posix.now - start).isEqualTo(115_000);
    }

    /// The runtime ends the plugin after 120 s without a word; it ends itself before, with one.
    @Test
    void waitingForIpamdAndForItsAnswerTogetherHaveABound() {
        posix.connections.add(FakePosix.Connection.refused(Posix.ENOENT));
        for (int i = 0; i < 390; i++) {
            posix.connections.add(FakePosix.Connection.refused(Posix.ECONNREFUSED));
        }
        posix.connections.add(
                FakePosix.Connection.bringing(new Frames().settings().bytes()).thenFailingWith(Posix.ETIMEDOUT));
        long start = posix.now;

        assertThat(run("ADD", CONFIGURATION + ",\"ipamdWaitSeconds\":100}")).isEqualTo(1);

        assertError(11, "ipamd did not answer in time");
        assertThat(posix.connections).isEmpty();
        assertThat(posix.now - start).isEqualTo(115_000);
    }

    private int run(String command, String stdin) {
        posix.environment.put("CNI_COMMAND", command);
        posix.stdin = stdin.getBytes(UTF_8);
        return new Plugin(posix).run();
    }

    private CniRequest request(int connection) {
        return Frames.sentRequest(posix.sent.get(connection).toByteArray());
    }

    private void assertError(int code, String text) {
        assertThat(error().code()).isEqualTo(code);
        assertThat(error().msg()).contains(text);
    }

    private CniError error() {
        return CniError.read(posix.stdout.toByteArray());
    }

    private static FakePosix.Connection answering(int exitCode, String stdout) {
        return FakePosix.Connection.bringing(Frames.answering(CniAnswer.newBuilder()
                .setProtocol(1)
                .setExitCode(exitCode)
                .setStdout(ByteString.copyFromUtf8(stdout))
                .build()
                .toByteArray()));
    }
}
