package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A DEL for an ipamd that is down.
class DelSpoolTest {
    private static final String CONFIGURATION =
            "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"ipamdSocket\":\"/s/ipamd.sock\"";
    private static final String BOOT_ID = "01234567-89ab-cdef-0123-456789abcdef";

    private final FakePosix posix = new FakePosix();

    @BeforeEach
    void aSandbox() {
        posix.environment.putAll(Map.of("CNI_CONTAINERID", "c1", "CNI_IFNAME", "eth0", "CNI_NETNS", "/run/netns/x"));
        posix.files.put("/proc/sys/kernel/random/boot_id", (BOOT_ID + "\n").getBytes(UTF_8));
    }

    @Test
    void isKeptAtOnceAsItWouldHaveBeenSent() throws InvalidProtocolBufferException {
        long began = posix.monotonicNanos();

        assertThat(run("DEL", CONFIGURATION + "}")).isZero();

        assertThat(posix.printed()).isEmpty();
        assertThat(posix.sleeps).isEmpty();
        assertThat(posix.directories).containsExactly(Map.entry("/s", 0755), Map.entry("/s/spool", 0700));
        Map.Entry<String, byte[]> file = kept();
        assertThat(file.getKey())
                .matches("/s/spool/[0-9a-f]{16}-[0-9a-f]{16}")
                .startsWith("/s/spool/" + HexFormat.of().toHexDigits(began));
        CniRequest request = request(file.getValue());
        assertThat(request.getBeganNanos()).isEqualTo(began);
        assertThat(request.getStdin().toStringUtf8()).isEqualTo(CONFIGURATION + "}");
        assertThat(request.getNetnsNonce().isEmpty()).isTrue();
        assertThat(request.getEnvironmentList())
                .extracting(variable -> variable.getName() + "=" + variable.getValue())
                .contains("CNI_COMMAND=DEL", "CNI_CONTAINERID=c1", "CNI_IFNAME=eth0");
    }

    @Test
    void theDirectoryIsUsedAsItIsWhenItIsThere() {
        posix.directories.put("/s/spool", 0700);
        posix.createDirectoryErrno = 13;

        assertThat(run("DEL", CONFIGURATION + "}")).isZero();

        kept();
    }

    @ParameterizedTest
    @ValueSource(strings = {"14", "1"})
    void isKeptWhenIpamdStopsBeforeItAnswers(String status) {
        posix.connections.add(FakePosix.Connection.bringing(new Frames()
                .settings()
                .trailers(":status", "200", "grpc-status", status, "grpc-message", "bye")
                .bytes()));

        assertThat(run("DEL", CONFIGURATION + "}")).isZero();

        kept();
        assertThat(posix.open).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"4,11", "8,11", "12,100"})
    void isNotKeptWhenIpamdIsThereAndRefuses(String status, int code) {
        posix.connections.add(FakePosix.Connection.bringing(new Frames()
                .settings()
                .trailers(":status", "200", "grpc-status", status, "grpc-message", "no")
                .bytes()));

        assertThat(run("DEL", CONFIGURATION + "}")).isEqualTo(1);

        assertThat(CniError.read(posix.stdout.toByteArray()).code()).isEqualTo(code);
        assertThat(posix.directories).isEmpty();
    }

    @Test
    void whoMayNotTalkToIpamdMayNotLeaveItADel() {
        posix.connections.add(FakePosix.Connection.refused(Posix.EACCES));

        assertThat(run("DEL", CONFIGURATION + "}")).isEqualTo(1);

        assertThat(posix.directories).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADD", "CHECK", "GC", "STATUS"})
    void nothingElseIsKept(String command) {
        assertThat(run(command, CONFIGURATION + ",\"ipamdWaitSeconds\":0}")).isEqualTo(1);

        assertThat(posix.directories).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CNI_CONTAINERID", "CNI_IFNAME"})
    void aDelThatIpamdWouldRefuseIsNotKept(String missing) {
        posix.environment.remove(missing);

        assertThat(run("DEL", CONFIGURATION + ",\"ipamdWaitSeconds\":0}")).isEqualTo(1);

        assertThat(posix.directories).isEmpty();
    }

    @Test
    void withoutRoomItIsTriedOnlyOnceAndTheErrorSaysSo() {
        posix.createFileErrno = 28;
        long start = posix.now;

        assertThat(run("DEL", CONFIGURATION + "}")).isEqualTo(1);

        assertThat(posix.now - start).isBetween(4_750L, 5_000L);
        assertError("the DEL cannot be kept for it: /s/spool takes no file (ENOSPC: the disk is full)"
                + "; is the vpc-eni pod of this node running?");
    }

    @Test
    void anIpamdThatComesBackServesADelThatCouldNotBeKept() {
        posix.createDirectoryErrno = 30;
        posix.connections.add(FakePosix.Connection.refused(Posix.ECONNREFUSED));
        posix.connections.add(FakePosix.Connection.bringing(
                Frames.answering(CniAnswer.newBuilder().setProtocol(1).build().toByteArray())));

        assertThat(run("DEL", CONFIGURATION + "}")).isZero();

        assertThat(posix.connectedTo).hasSize(2);
    }

    @Test
    void theNumberHasABound() {
        posix.directories.put("/s/spool", 0700);
        IntStream.range(0, DelSpool.FILES_MAX).forEach(i -> posix.files.put("/s/spool/" + i, new byte[1]));

        assertThat(run("DEL", CONFIGURATION + ",\"ipamdWaitSeconds\":0}")).isEqualTo(1);

        assertError("/s/spool has 4096 DELs already, as many as it may have");
        assertThat(posix.files).hasSize(DelSpool.FILES_MAX + 1);
    }

    @Test
    void theSizeHasABound() {
        String stdin = CONFIGURATION + ",\"ipamdWaitSeconds\":0,\"x\":\"" + "x".repeat(64 << 10) + "\"}";

        assertThat(run("DEL", stdin)).isEqualTo(1);

        assertError("bytes: at most 65536 are kept");
    }

    @Test
    void withoutABootIdNothingIsKept() {
        posix.files.clear();

        assertThat(run("DEL", CONFIGURATION + ",\"ipamdWaitSeconds\":0}")).isEqualTo(1);

        assertError("the boot id of this machine cannot be read (ENOENT: no such file)");
    }

    private int run(String command, String stdin) {
        posix.environment.put("CNI_COMMAND", command);
        posix.feed(stdin.getBytes(UTF_8));
        return new Plugin(posix).run();
    }

    private void assertError(String text) {
        CniError error = CniError.read(posix.stdout.toByteArray());
        assertThat(error.code()).isEqualTo(11);
        assertThat(error.msg()).contains(text);
    }

    private Map.Entry<String, byte[]> kept() {
        var files = posix.files.entrySet().stream()
                .filter(file -> file.getKey().startsWith("/s/spool/"))
                .toList();
        assertThat(files).hasSize(1);
        return files.getFirst();
    }

    private static CniRequest request(byte[] file) throws InvalidProtocolBufferException {
        int end = 0;
        while (file[end] != '\n') {
            end++;
        }
        byte[] body = Arrays.copyOfRange(file, end + 1, file.length);
        assertThat(new String(file, 0, end, UTF_8)).isEqualTo("vpc-eni-del 1 " + BOOT_ID + " " + body.length);
        return CniRequest.parseFrom(body);
    }
}
