package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.Program;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// The running ipamd has what its DaemonSet will give it, and no more: read from the kernel, not from our own script.
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ConfinementTest {
    private static final String NET_ADMIN_AND_SYS_ADMIN = "0000000000201000"; // bits 12 and 21, linux/capability.h
    private static final String NONE = "0000000000000000";

    private final Trial trial;
    private final SiteNode node;
    private final Path proc;

    ConfinementTest() throws IOException {
        trial = Trial.begin("tconfine");
        try {
            Site site = trial.site(trial.plan(1));
            node = site.nodes().firstEntry().getValue();
            proc = Path.of("/proc/" + node.ipamd().process().pid());
        } catch (IOException | RuntimeException e) {
            trial.close();
            throw e;
        }
    }

    @AfterAll
    void leaveNothing() throws IOException {
        trial.close();
    }

    @Test
    void itHasTwoCapabilitiesAndCanGainNone() throws IOException {
        assertThat(status("CapEff")).isEqualTo(NET_ADMIN_AND_SYS_ADMIN);
        assertThat(status("CapPrm")).isEqualTo(NET_ADMIN_AND_SYS_ADMIN);
        assertThat(status("CapBnd")).isEqualTo(NET_ADMIN_AND_SYS_ADMIN);
        assertThat(status("CapAmb")).isEqualTo(NONE);
        assertThat(status("NoNewPrivs")).isEqualTo("1");
    }

    @Test
    void itsRootAndProcSysAreReadOnly() throws IOException {
        assertThat(mountOptions("/")).contains("ro");
        assertThat(mountOptions("/proc/sys")).contains("ro");
        assertThat(mountOptions("/sys")).contains("ro");
        assertThat(mountOptions("/opt/vpc-eni")).contains("ro");
        assertThat(mountOptions("/opt/java")).contains("ro");
        assertThat(mountOptions("/usr")).contains("ro");
    }

    @Test
    void itWritesToThreeDirectoriesOfItsNodeAndToTmp() throws IOException {
        List<String> writable = Files.readAllLines(proc.resolve("mountinfo")).stream()
                .map(line -> line.split(" ", 7))
                .filter(fields -> List.of(fields[5].split(",", -1)).contains("rw"))
                .map(fields -> fields[4])
                .filter(point -> !point.startsWith("/dev/") && !point.equals("/proc"))
                .toList();

        assertThat(writable)
                .containsExactlyInAnyOrder("/run/vpc-eni", "/var/lib/vpc-eni", "/host/etc/cni/net.d", "/tmp");
    }

    /// A library that was unpacked into /tmp could not be loaded from there.
    @Test
    void itStartsWithATmpFromWhichNothingCanBeLoaded() throws IOException {
        assertThat(mountOptions("/tmp")).contains("noexec");
        assertThat(Files.readString(proc.resolve("maps")))
                .contains("/opt/vpc-eni/jni/")
                .doesNotContain(" /tmp/jffi");
    }

    @Test
    void aWriteElsewhereFails() throws IOException {
        for (String file : List.of("/written", "/etc/written", "/proc/sys/net/ipv4/ip_forward")) {
            assertThat(insideItsMounts("echo 1 >" + file).status()).as(file).isNotZero();
        }
        assertThat(insideItsMounts("echo 1 >/run/vpc-eni/written && rm /run/vpc-eni/written")
                        .status())
                .isZero();
    }

    @Test
    void itLivesInTheNetworkOfItsNodeWithMountsOfItsOwn() throws IOException {
        assertThat(Files.getAttribute(proc.resolve("ns/net"), "unix:ino"))
                .isEqualTo(Files.getAttribute(node.vpcNode().namespace().path(), "unix:ino"));
        assertThat(Files.readSymbolicLink(proc.resolve("ns/mnt")))
                .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")));
        assertThat(Files.exists(Path.of(proc + "/root" + Trial.home()))).isFalse();
        assertThat(Files.exists(proc.resolve("root/old"))).isFalse();
    }

    @Test
    void itsEnvironmentIsNotTheLabs() throws IOException {
        List<String> names = List.of(Files.readString(proc.resolve("environ")).split("\0", -1)).stream()
                .filter(variable -> !variable.isEmpty())
                .map(variable -> variable.substring(0, variable.indexOf('=')))
                .toList();

        assertThat(names)
                .containsExactlyInAnyOrder(
                        "PATH",
                        "HOME",
                        "LANG",
                        "MY_NODE_NAME",
                        "AWS_ENDPOINT_URL_EC2",
                        "VPC_ENI_HOST_SOCKET",
                        "HOST_CNI_CONFDIR_PATH",
                        "PWD"); // which sh, the launcher's, sets
    }

    private Program.Result insideItsMounts(String script) throws IOException {
        return Program.of(
                        "nsenter",
                        "--target=" + node.ipamd().process().pid(),
                        "--mount",
                        "--net",
                        "--",
                        "/bin/sh",
                        "-c",
                        script)
                .runToEnd();
    }

    private String status(String field) throws IOException {
        return Files.readAllLines(proc.resolve("status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /// Options of the mount that is on top at the point (proc_pid_mountinfo(5), fields 5 and 6).
    private List<String> mountOptions(String point) throws IOException {
        return Files.readAllLines(proc.resolve("mountinfo")).stream()
                .map(line -> line.split(" ", 7))
                .filter(fields -> fields[4].equals(point))
                .map(fields -> List.of(fields[5].split(",", -1)))
                .reduce((_, onTop) -> onTop)
                .orElseThrow(() -> new AssertionError("nothing is mounted at " + point));
    }
}
