package io.vpceni.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vpceni.lab.machine.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `./lab` on a machine that lacks what it needs.
class SetUpTest {
    private static final String AMAZON_LINUX =
            "ID=amzn\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"\nPRETTY_NAME=\"Amazon Linux 2023\"\n";

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ID=debian;VERSION_ID="12"                            | apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev unzip iproute2 nftables libnftables1 util-linux
            ID=ubuntu;ID_LIKE=debian;VERSION_ID="24.04"          | apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev unzip iproute2 nftables libnftables1 util-linux
            ID=linuxmint;ID_LIKE="ubuntu debian";VERSION_ID="22" | apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev unzip iproute2 nftables libnftables1 util-linux
            ID="amzn";ID_LIKE="fedora";VERSION_ID="2023"         | dnf install -y gcc glibc-static unzip iproute nftables util-linux
            ID=fedora;VERSION_ID=43                              | dnf install -y gcc glibc-static unzip iproute nftables util-linux
            ID="rocky";ID_LIKE="rhel centos fedora";VERSION_ID="9.6"     | dnf install -y --enablerepo=crb gcc glibc-static unzip iproute nftables util-linux
            ID="almalinux";ID_LIKE="rhel centos fedora";VERSION_ID="9.6" | dnf install -y --enablerepo=crb gcc glibc-static unzip iproute nftables util-linux
            ID="rhel";ID_LIKE="fedora";VERSION_ID="9.6" | dnf install -y --enablerepo=codeready-builder-for-rhel-9-aarch64-rpms gcc glibc-static unzip iproute nftables util-linux
            """)
    void eachDistributionIsToldTheLineThatInstallsWhatIsMissing(String osRelease, String line) throws Exception {
        StubMachine machine = StubMachine.bare(directory, osRelease.replace(';', '\n') + "\n");
        machine.program("uname", "echo aarch64");

        Program.Result refused = machine.lab("demo", "--no-install");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err().lines()).contains("  " + line);
    }

    @ParameterizedTest
    @CsvSource({
        "ID=debian, openjdk-25-jdk-headless",
        "ID=amzn;VERSION_ID=2023, java-25-amazon-corretto-devel",
        "ID=fedora, java-25-openjdk-devel"
    })
    void theLineNamesTheJdkWhereThePackageManagerHasOne(String osRelease, String jdk) throws Exception {
        StubMachine machine = StubMachine.bare(directory, osRelease.replace(';', '\n') + "\n");
        machine.aptGet(jdk);
        machine.dnf(jdk);

        assertThat(machine.lab("demo", "--no-install").err())
                .containsPattern("install .*" + jdk)
                .doesNotContain("curl -fL");
    }

    @Test
    void asRootItInstallsWhatIsMissingAndSaysSoBeforeInOneLine() throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.aptGet("openjdk-25-jdk-headless");

        Program.Result ran = machine.lab("demo", "--nodes", "1");

        assertThat(ran.err())
                .contains("lab: installing with apt-get: gcc libc6-dev unzip iproute2 nftables libnftables1 util-linux"
                        + " openjdk-25-jdk-headless (missing: a C compiler (cc), unzip, ip, nft, libnftables.so.1,"
                        + " setpriv, unshare and nsenter, a JDK 25)");
        assertThat(machine.packageManagerCalls())
                .hasSize(2)
                .last()
                .asString()
                .contains("install -y")
                .endsWith("openjdk-25-jdk-headless");
        assertThat(ran.out()).contains("the lab runs in " + directory + ": demo --nodes 1");
    }

    @Test
    void onAmazonLinuxItInstallsWithDnf() throws Exception {
        StubMachine machine = StubMachine.bare(directory, AMAZON_LINUX);
        machine.dnf("java-25-amazon-corretto-devel");

        Program.Result ran = machine.lab("demo");

        assertThat(machine.packageManagerCalls())
                .containsExactly(
                        "dnf -q install -y gcc glibc-static unzip iproute nftables util-linux java-25-amazon-corretto-devel");
        assertThat(ran.out()).contains("the lab runs");
    }

    @Test
    void verifyNeedsPingToo() throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);

        assertThat(machine.lab("verify", "--no-install").err()).contains("iputils-ping");
        assertThat(machine.lab("demo", "--no-install").err()).doesNotContain("iputils-ping");
    }

    @Test
    void awkIsInstalledWhereThereIsNone() throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.without("awk");

        assertThat(machine.lab("demo", "--no-install").err()).contains(" mawk").doesNotContain("there is no command");
    }

    @Test
    void aCompilerWithoutALibraryToLinkStaticallyIsNotEnough() throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.program("cc", "echo libc.a");

        assertThat(machine.lab("demo", "--no-install").err())
                .contains("a C library to link statically (libc.a)")
                .contains("--no-install-recommends libc6-dev\n");
    }

    @Test
    void theVariableRefusesAsTheOptionDoes() throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.aptGet();
        machine.variable("LAB_NO_INSTALL", "1");

        assertThat(machine.lab("demo").err()).contains("nothing is installed, as you asked");
        assertThat(machine.packageManagerCalls()).isEmpty();
    }

    @Test
    void theOptionIsNotTakenOutOfWhatComesBehindTwoHyphens() throws Exception {
        StubMachine machine = StubMachine.complete(directory);

        assertThat(machine.lab("pod", "exec", "web-0", "--no-install", "--", "program", "--no-install")
                        .out())
                .contains(": pod exec web-0 -- program --no-install");
    }

    @Test
    void whoIsNotRootIsToldTheLineAndSudo() throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.aptGet();
        machine.callerIs(1000);

        Program.Result refused = machine.lab("demo");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("sudo ./lab demo installs what is missing")
                .contains("  sudo apt-get update && ");
        assertThat(machine.packageManagerCalls()).isEmpty();
    }

    @Test
    void onAnUnknownDistributionWhatIsMissingIsNamedInWords() throws Exception {
        StubMachine machine = StubMachine.bare(directory, "ID=alpine\nPRETTY_NAME=\"Alpine Linux v3.22\"\n");

        Program.Result refused = machine.lab("demo");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("what this machine (Alpine Linux v3.22) lacks: a C compiler (cc), unzip, ip, nft")
                .contains(
                        "package names are known for Debian, Ubuntu, Amazon Linux 2023, Fedora and RHEL-like systems only");
    }

    @Test
    void whatThePackageManagerSaysWhenItFailsIsShownWithTheLine() throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.program("apt-get", "case \"$*\" in *install*) echo 'E: no space left' >&2; exit 100 ;; esac");

        assertThat(machine.lab("demo").err()).contains("E: no space left").contains("  apt-get update && ");
    }

    @Test
    void aJdkIsFetchedWithItsChecksumWhereNobodyHasOne() throws Exception {
        StubMachine machine = StubMachine.withoutJdk(directory);
        Path archive = jdkArchive(machine);

        try (ArchiveServer server = ArchiveServer.of(archive)) {
            machine.variable("LAB_JDK_URL", server.url());
            machine.variable("LAB_JDK_SHA256", sha256(archive));

            Program.Result ran = machine.lab("demo");

            assertThat(ran.err())
                    .contains("lab: fetching a JDK 25 into .lab/jdk-25")
                    .contains(server.url());
            assertThat(ran.out()).contains("the lab runs");
            assertThat(machine.lab("demo").err()).doesNotContain("fetching");
        }
        assertThat(leftOf(machine)).containsExactly("jdk-25");
    }

    @Test
    void aFetchThatWasCutOffIsGoneOnWith() throws Exception {
        StubMachine machine = StubMachine.withoutJdk(directory);
        Path archive = jdkArchive(machine);
        byte[] bytes = Files.readAllBytes(archive);
        Files.createDirectories(machine.repository().resolve(".lab"));
        Files.write(
                machine.repository().resolve(".lab/jdk-25-" + sha256(archive).substring(0, 12) + ".part"),
                Arrays.copyOf(bytes, 100));

        try (ArchiveServer server = ArchiveServer.of(archive)) {
            machine.variable("LAB_JDK_URL", server.url());
            machine.variable("LAB_JDK_SHA256", sha256(archive));

            assertThat(machine.lab("demo").out()).contains("the lab runs");
            assertThat(server.ranges).containsExactly("bytes=100-");
        }
    }

    @Test
    void anArchiveWithAnotherChecksumIsRefusedAndNothingOfItStays() throws Exception {
        StubMachine machine = StubMachine.withoutJdk(directory);
        Path archive = jdkArchive(machine);

        try (ArchiveServer server = ArchiveServer.of(archive)) {
            machine.variable("LAB_JDK_URL", server.url());
            machine.variable("LAB_JDK_SHA256", "0".repeat(64));

            Program.Result refused = machine.lab("demo");

            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("lab: refused: the SHA-256 of " + server.url() + " is " + sha256(archive)
                            + ", and must be 000");
            assertThat(refused.out()).isEmpty();
        }
        assertThat(leftOf(machine)).isEmpty();
    }

    @Test
    void whereTheVendorIsOutOfReachTheLineDoesItByHand() throws Exception {
        StubMachine machine = StubMachine.withoutJdk(directory);
        machine.program("curl", "echo 'curl: (6) Could not resolve host' >&2; exit 6");
        machine.program("uname", "echo x86_64");

        Program.Result refused = machine.lab("demo");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("  LAB_JDK_URL=URL LAB_JDK_SHA256=69264a7a211bf502")
                .containsPattern(
                        "curl -fL -o .* https://github.com/adoptium/temurin25-binaries/.*x64_linux.* sha256sum -c");
    }

    @Test
    void withTheJdkAloneMissingNobodyNeedsToBeRoot() throws Exception {
        StubMachine machine = StubMachine.withoutJdk(directory);
        Path archive = jdkArchive(machine);
        machine.callerIs(1000);
        machine.variable("LAB_JDK_URL", archive.toUri().toString());
        machine.variable("LAB_JDK_SHA256", sha256(archive));

        assertThat(machine.lab("simulate").out()).contains("the lab runs in " + directory + ": simulate");
    }

    /// A tar.gz as the vendor's: one directory with the JDK in it.
    private Path jdkArchive(StubMachine machine) throws Exception {
        machine.jdk(directory.resolve("archive/jdk-25.0.3+9"));
        Path archive = directory.resolve("jdk.tar.gz");
        Program.of(
                        "tar",
                        "-czf",
                        archive.toString(),
                        "-C",
                        directory.resolve("archive").toString(),
                        "jdk-25.0.3+9")
                .run();
        return archive;
    }

    private static List<String> leftOf(StubMachine machine) throws IOException {
        try (Stream<Path> files = Files.list(machine.repository().resolve(".lab"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("jdk"))
                    .toList();
        }
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /// A file server that goes on at an offset.
    private static final class ArchiveServer implements AutoCloseable {
        private final HttpServer server;
        final List<String> ranges = new CopyOnWriteArrayList<>();

        private ArchiveServer(HttpServer server) {
            this.server = server;
        }

        static ArchiveServer of(Path archive) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
            ArchiveServer answering = new ArchiveServer(server);
            byte[] all = Files.readAllBytes(archive);
            server.createContext("/", exchange -> {
                String range = exchange.getRequestHeaders().getFirst("Range");
                int from = 0;
                if (range != null) {
                    answering.ranges.add(range);
                    from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
                    exchange.getResponseHeaders()
                            .add("Content-Range", "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
                }
                exchange.sendResponseHeaders(range == null ? 200 : 206, all.length - from);
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(all, from, all.length - from);
                }
            });
            server.start();
            return answering;
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/jdk.tar.gz";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
