package io.vpceni.ipamd.cni;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vpceni.ipamd.LoggedEvents;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Metrics.DelOutcome;
import io.vpceni.rpc.CniRequest;
import io.vpceni.rpc.Variable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DelSpoolReaderTest {
    private static final String BOOT_ID = "01234567-89ab-cdef-0123-456789abcdef";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    private final LoggedEvents logged = new LoggedEvents(DelSpoolReader.class);

    @TempDir
    private Path run;

    private final Metrics metrics = new Metrics("1.2.3");
    private final List<String> carriedOut = new ArrayList<>();
    private final Map<String, DelOutcome> outcomes = new HashMap<>();
    private boolean stopping;
    private long nanos;
    private DelSpoolReader reader =
            new DelSpoolReader(Path.of("/"), "", _ -> DelOutcome.DONE, metrics, () -> false, () -> NOW, () -> 0);

    @BeforeEach
    void aReader() {
        reader = new DelSpoolReader(
                run.resolve("ipamd.sock"), BOOT_ID, this::carryOut, metrics, () -> stopping, () -> NOW, () -> nanos);
    }

    @Test
    void theDirectoryIsMadeForRootAlone() throws IOException {
        assertThat(reader.carryOut()).isZero();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool())))
                .isEqualTo("rwx------");
    }

    @Test
    void delsAreCarriedOutInTheOrderInWhichTheyBegan() throws IOException {
        keep(30, "c");
        keep(7, "a");
        keep(8, "b");

        assertThat(reader.carryOut()).isEqualTo(3);

        assertThat(carriedOut).containsExactly("a", "b", "c");
        assertThat(files()).isEmpty();
        assertThat(count("done")).isEqualTo(3);
        assertThat(reader.carryOut()).as("nothing is left").isZero();
    }

    @Test
    void aDelThatFailsStaysAndIsTriedAgainLaterWhileOthersGoOn() throws IOException {
        keep(1, "a");
        keep(2, "b");
        outcomes.put("a", DelOutcome.FAILED);

        assertThat(reader.carryOut()).isEqualTo(1);
        nanos += DelSpoolReader.TRY_AGAIN_AFTER.toNanos() - 1;
        assertThat(reader.carryOut()).isZero();
        assertThat(carriedOut).containsExactly("a", "b");

        nanos++;
        outcomes.clear();
        assertThat(reader.carryOut()).isEqualTo(1);
        assertThat(carriedOut).containsExactly("a", "b", "a");
        assertThat(files()).isEmpty();
    }

    @Test
    void aDelThatCanNeverSucceedIsDeletedAndReported() throws IOException {
        keep(1, "a");
        outcomes.put("a", DelOutcome.REFUSED);

        assertThat(reader.carryOut()).isZero();

        assertThat(files()).isEmpty();
        assertThat(count("refused")).isEqualTo(1);
        assertThat(reports()).singleElement().asString().contains("cannot be carried out");
    }

    @Test
    void aDelOfAnEarlierBootIsDeletedInSilence() throws IOException {
        Files.createDirectory(spool());
        Files.write(spool().resolve("0001-1"), file("fedcba98-0000-0000-0000-000000000000", request("DEL", "a")));

        assertThat(reader.carryOut()).isZero();

        assertThat(carriedOut).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(count("earlier_boot")).isEqualTo(1);
        assertThat(reports()).isEmpty();
    }

    private static Stream<Arguments> whatMayLieInADirectory() {
        return Stream.of(
                arguments("empty", new byte[0], "its first line"),
                arguments("no line end", "vpc-eni-del 1".getBytes(ISO_8859_1), "its first line"),
                arguments("binary", new byte[200], "its first line"),
                arguments(
                        "later format",
                        ("vpc-eni-del 2 " + BOOT_ID + " 0\n").getBytes(ISO_8859_1),
                        "it has format 2, and this ipamd reads format 1"),
                arguments("torn", truncated(file(BOOT_ID, request("DEL", "a"))), "bytes of the request's"),
                arguments("too long", new byte[200 << 10], "0000-0"),
                arguments("no protobuf", file(BOOT_ID, new byte[] {-1, -1, -1}), "its request cannot be decoded"),
                arguments("an ADD", file(BOOT_ID, request("ADD", "a")), "it holds another request than a DEL"),
                arguments("nothing", file(BOOT_ID, new byte[0]), "it holds another request than a DEL"));
    }

    @ParameterizedTest
    @MethodSource("whatMayLieInADirectory")
    void whatIsNoWholeDelIsDeletedAndReportedAndKeepsNothingUp(String name, byte[] content, String reason)
            throws IOException {
        keep(2, "b");
        Files.write(spool().resolve("0000-0"), content);

        assertThat(reader.carryOut()).isEqualTo(1);

        assertThat(carriedOut).containsExactly("b");
        assertThat(files()).isEmpty();
        assertThat(count("unreadable")).isEqualTo(1);
        assertThat(reports()).as(name).singleElement().asString().contains(reason);
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        keep(2, "b");
        Path target = Files.write(run.resolve("target"), file(BOOT_ID, request("DEL", "a")));
        Files.createSymbolicLink(spool().resolve("0000-0"), target);

        reader.carryOut();

        assertThat(carriedOut).containsExactly("b");
        assertThat(target).exists();
        assertThat(files()).isEmpty();
    }

    @Test
    void aDirectoryInTheWayKeepsNothingUp() throws IOException {
        keep(2, "b");
        Files.createDirectories(spool().resolve("0000-0/x"));

        reader.carryOut();
        reader.carryOut();

        assertThat(carriedOut).containsExactly("b");
        assertThat(reports()).as("why it is no DEL, and why it stays").hasSize(2);
    }

    @Test
    void aFileThatIsBeingWrittenIsLeftAloneAndAnOldOneIsDeleted() throws IOException {
        Files.createDirectory(spool());
        Path young = Files.createFile(spool().resolve(".1"));
        Path old = Files.createFile(spool().resolve(".2"));
        Files.setLastModifiedTime(young, FileTime.from(NOW.minus(DelSpoolReader.UNFINISHED_AFTER)));
        Files.setLastModifiedTime(
                old, FileTime.from(NOW.minus(DelSpoolReader.UNFINISHED_AFTER).minus(Duration.ofSeconds(1))));

        assertThat(reader.carryOut()).isZero();

        assertThat(files()).containsExactly(".1");
        assertThat(carriedOut).isEmpty();
    }

    @Test
    void whenIpamdStopsTheRestStaysForTheNextOne() throws IOException {
        keep(1, "a");
        stopping = true;

        assertThat(reader.carryOut()).isZero();

        assertThat(files()).hasSize(1);
    }

    @Test
    void aDirectoryThatCannotBeReadIsReportedOnce() throws IOException {
        Files.createFile(spool());

        reader.carryOut();
        reader.carryOut();

        assertThat(reports()).hasSize(1);
        Files.delete(spool());
        reader.carryOut();
        keep(1, "a");
        assertThat(reader.carryOut()).isEqualTo(1);
    }

    private DelOutcome carryOut(SpooledDel.Valid del) {
        String container = del.request().getEnvironment(1).getValue();
        carriedOut.add(container);
        return outcomes.getOrDefault(container, DelOutcome.DONE);
    }

    private Path spool() {
        return run.resolve("spool");
    }

    private void keep(long began, String container) throws IOException {
        Files.createDirectories(spool());
        Files.write(
                spool().resolve(HexFormat.of().toHexDigits(began) + "-" + container),
                file(BOOT_ID, request("DEL", container)));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(spool())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private List<String> reports() {
        return logged.list().stream()
                .map(event -> event.getFormattedMessage() + event.getKeyValuePairs())
                .toList();
    }

    private long count(String outcome) {
        return metrics.render()
                .lines()
                .filter(line -> line.startsWith("vpceni_spooled_dels_total{outcome=\"" + outcome + "\"}"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static byte[] request(String command, String container) {
        return CniRequest.newBuilder()
                .setProtocol(1)
                .addEnvironment(Variable.newBuilder().setName("CNI_COMMAND").setValue(command))
                .addEnvironment(Variable.newBuilder().setName("CNI_CONTAINERID").setValue(container))
                .build()
                .toByteArray();
    }

    private static byte[] file(String bootId, byte[] request) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(("vpc-eni-del 1 " + bootId + " " + request.length + "\n").getBytes(ISO_8859_1));
        file.writeBytes(request);
        return file.toByteArray();
    }

    private static byte[] truncated(byte[] file) {
        byte[] shorter = new byte[file.length - 1];
        System.arraycopy(file, 0, shorter, 0, shorter.length);
        return shorter;
    }
}
