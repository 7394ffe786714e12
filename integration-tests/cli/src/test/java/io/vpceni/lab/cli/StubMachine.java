package io.vpceni.lab.cli;

import io.vpceni.lab.machine.Program;
import io.vpceni.lab.machine.ProgramFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A copy of the script `lab` on a machine that has what a test gives it: a distribution, programs, perhaps a JDK.
/// Package managers, compiler, Maven and Java are stubs that note what they were called with.
final class StubMachine {
    static final String DEBIAN = """
            PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
            VERSION_ID="12"
            ID=debian
            """;

    private static final Path REPOSITORY = Path.of(System.getProperty("repository.root", "../.."));
    private static final List<String> PLAIN_PROGRAMS = List.of(
            "awk",
            "bash",
            "cat",
            "chmod",
            "cp",
            "curl",
            "cut",
            "dirname",
            "env",
            "find",
            "flock",
            "getconf",
            "grep",
            "gzip",
            "head",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sh",
            "sha256sum",
            "sleep",
            "sort",
            "tail",
            "tar",
            "tee",
            "touch",
            "tr",
            "uname",
            "xargs");
    private static final Duration TIME_MAX = Duration.ofMinutes(2); // a bound for a hung script; it takes a second

    private final Path directory;
    private final List<String> environment = new ArrayList<>();

    private StubMachine(Path directory) {
        this.directory = directory;
    }

    /// A machine as it is delivered: no compiler, no JDK, no network tools; the caller is root.
    static StubMachine bare(Path directory, String osRelease) throws IOException {
        StubMachine machine = new StubMachine(directory);
        for (Path part :
                List.of(machine.repository(), machine.programs(), directory.resolve("machine/etc/ssl/certs"))) {
            Files.createDirectories(part);
        }
        Files.writeString(directory.resolve("machine/etc/os-release"), osRelease);
        Files.writeString(directory.resolve("machine/etc/ssl/certs/ca-certificates.crt"), "certificates");
        for (String program : PLAIN_PROGRAMS) {
            machine.own(program);
        }
        machine.program("id", "echo 0");
        machine.program("runuser", "exit 1");
        machine.program("ldconfig", "true");
        machine.copyTheScript();
        return machine;
    }

    /// All but a JDK.
    static StubMachine withoutJdk(Path directory) throws IOException {
        StubMachine machine = bare(directory, DEBIAN);
        machine.program("cc", "echo /usr/lib/libc.a");
        machine.program("ldconfig", "echo libnftables.so.1");
        for (String program : List.of("ip", "nft", "ping", "setpriv", "unshare", "nsenter", "unzip")) {
            machine.program(program, "true");
        }
        return machine;
    }

    static StubMachine complete(Path directory) throws IOException {
        StubMachine machine = withoutJdk(directory);
        machine.jdk(directory.resolve("machine/usr/lib/jvm/jdk-25"));
        return machine;
    }

    void without(String program) throws IOException {
        Files.delete(programs().resolve(program));
    }

    Path repository() {
        return directory.resolve("repository");
    }

    private Path programs() {
        return directory.resolve("bin");
    }

    void callerIs(int user) throws IOException {
        program("id", "echo " + user);
    }

    void variable(String name, String value) {
        environment.add(name + "=" + value);
    }

    /// apt-get that installs: what it is asked for is there afterwards. The lists have `listed`.
    void aptGet(String... listed) throws IOException {
        packageManager("apt-get");
        program("apt-cache", """
                for package in %s; do [ "$2" != "$package" ] || echo '  Candidate: 25.0.3'; done
                """.formatted(String.join(" ", listed)));
    }

    void dnf(String... listed) throws IOException {
        packageManager("dnf");
        Path installs = programs().resolve("dnf");
        Files.writeString(
                installs, Files.readString(installs).replace("#!/bin/sh\n", """
                #!/bin/sh
                if [ "$2" = list ]; then
                  for package in %s; do [ "$3" != "$package" ] || echo "$3.x86_64 25.0.3"; done
                  exit 0 # as dnf5 does
                fi
                """.formatted(String.join(" ", listed))));
    }

    private void packageManager(String name) throws IOException {
        Path packages = directory.resolve("packages");
        jdk(packages.resolve("jdk-25"));
        Files.writeString(packages.resolve("cc"), "#!/bin/sh\necho /usr/lib/libc.a\n");
        Files.writeString(packages.resolve("ldconfig"), "#!/bin/sh\necho libnftables.so.1\n");
        program(name, """
                echo "%1$s $*" >>%2$s
                case " $* " in *" install "*) ;; *) exit 0 ;; esac
                for program in ip nft ping setpriv unshare nsenter unzip find xargs curl; do
                  [ -e %3$s/$program ] || cp %3$s/id %3$s/$program
                done
                cp %4$s/cc %4$s/ldconfig %3$s
                chmod +x %3$s/cc %3$s/ldconfig
                case " $* " in
                *25*) mkdir -p %5$s/usr/lib/jvm && cp -r %4$s/jdk-25 %5$s/usr/lib/jvm ;;
                esac
                """.formatted(name, calls(), programs(), packages, directory.resolve("machine")));
    }

    private Path calls() {
        return directory.resolve("calls");
    }

    /// What package managers were asked, a line each.
    List<String> packageManagerCalls() throws IOException {
        return Files.exists(calls()) ? Files.readAllLines(calls()) : List.of();
    }

    /// Programs that look like a JDK 25; its java says where and with which arguments it runs.
    void jdk(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        executable(home.resolve("bin/javac"), "true");
        executable(home.resolve("bin/java"), """
                case "$1" in -version) echo 'openjdk version "25.0.3" 2026-04-21' >&2; exit ;; esac
                printf '%s\\n' "$@" >"$0.arguments"
                while [ $# -gt 0 ]; do
                  case "$1" in
                  --reports-dir)
                    echo "JUnit Jupiter > EmulationContractTest > Wire > one() :: STARTED"
                    if [ -e "$0.tests-print" ]; then cat "$0.tests-print"; sleep 2; fi
                    if [ -e "$0.tests-fail" ]; then cat "$0.tests-fail" >"$2/TEST-jupiter.xml"; exit 1; fi
                    for engine in jupiter other; do
                      printf '<?xml version="1.0" encoding="UTF-8"?>\\n<testsuite name="%s" tests="2" skipped="1" failures="0" errors="0">\\n<testcase name="a" classname="io.vpceni.lab.contract.EmulationContractTest$Wire">\\n</testcase>\\n</testsuite>\\n' $engine >"$2/TEST-$engine.xml"
                    done
                    exit ;;
                  io.vpceni.lab.cli.Lab) shift; echo "the lab runs in $PWD: $*"; exit ;;
                  esac
                  shift
                done
                """);
    }

    /// What the tests leave as their report; they fail. Without a report they do not even start.
    void testsFail(String report) throws IOException {
        Files.writeString(directory.resolve("machine/usr/lib/jvm/jdk-25/bin/java.tests-fail"), report);
    }

    /// With which arguments its java was started last.
    List<String> javaArguments() throws IOException {
        return Files.readAllLines(directory.resolve("machine/usr/lib/jvm/jdk-25/bin/java.arguments"));
    }

    /// What the launcher of tests prints, for two seconds.
    void testsPrint(String lines) throws IOException {
        Files.writeString(directory.resolve("machine/usr/lib/jvm/jdk-25/bin/java.tests-print"), lines);
    }

    /// Maven's wrapper, by this shell script; what the build makes is made by `make_all`.
    void maven(String script) throws IOException {
        executable(repository().resolve("mvnw"), """
                make_all() {
                  mkdir -p cni-binary/target distribution/target/dist integration-tests/cli/target/dist/lib integration-tests/acceptance/target
                  touch cni-binary/target/vpc-eni distribution/target/dist/ipamd.args integration-tests/cli/target/dist/lib/a.jar
                  touch integration-tests/acceptance/target/test-classpath.txt
                  chmod +x cni-binary/target/vpc-eni
                }
                """ + script);
    }

    Program.Result lab(String... arguments) throws ProgramFailure {
        return Program.of(command(arguments)).withTimeMax(TIME_MAX).runToEnd();
    }

    Process start(Path errors, String... arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .redirectError(errors.toFile())
                .start();
    }

    private List<String> command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                "env",
                "--default-signal=HUP,INT,TERM",
                "-i",
                "-C",
                directory.toString(),
                "PATH=" + programs(),
                "HOME=" + directory.resolve("home")));
        words.add("LAB_MACHINE_ROOT=" + directory.resolve("machine"));
        words.addAll(environment);
        words.add(repository().resolve("lab").toString());
        words.addAll(List.of(arguments));
        return words;
    }

    void program(String name, String script) throws IOException {
        Files.deleteIfExists(programs().resolve(name));
        executable(programs().resolve(name), script);
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// One of this machine: no symbolic link, which a temporary directory warns of.
    private void own(String program) throws IOException {
        for (String place : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")) {
            if (Files.isExecutable(Path.of(place, program))) {
                program(program, "exec " + Path.of(place, program) + " \"$@\"");
                return;
            }
        }
    }

    private void copyTheScript() throws IOException {
        Files.createDirectories(repository().resolve("build"));
        Files.createDirectories(repository().resolve(".mvn/wrapper"));
        Files.createDirectories(repository().resolve("config/src"));
        Files.createDirectories(repository().resolve("integration-tests/localstack"));
        Files.writeString(repository().resolve("config/pom.xml"), "");
        Files.writeString(repository().resolve("config/src/Source.java"), "");
        copy("lab");
        copy("pom.xml");
        copy(".mvn/wrapper/maven-wrapper.properties");
        try (Stream<Path> files = Files.list(REPOSITORY.resolve("build"))) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("lab-"))
                    .toList()) {
                copy("build/" + file.getFileName());
            }
        }
        maven("make_all; echo '[INFO] Building config 1 [1/2]'");
    }

    private void copy(String file) throws IOException {
        Files.copy(REPOSITORY.resolve(file), repository().resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
}
