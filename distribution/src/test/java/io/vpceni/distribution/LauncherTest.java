package io.vpceni.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ipamd starts whatever others put into the environment of every container. Started for real, with settings that end
/// it before it does anything.
class LauncherTest {

    private static final Path LAUNCHER =
            Path.of(System.getProperty("repository.root", ".."), "distribution/src/main/dist/ipamd");

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "JAVA_TOOL_OPTIONS, -javaagent:/x/missing.jar",
        "JDK_JAVA_OPTIONS, -javaagent:/x/missing.jar",
        "_JAVA_OPTIONS, -javaagent:/x/missing.jar",
        "JAVA_TOOL_OPTIONS, -XX:+UseParallelGC",
        "_JAVA_OPTIONS, -Xmx1k",
        "JDK_JAVA_OPTIONS, -XX:NoSuchFlag=1",
        "JAVA_TOOL_OPTIONS, '-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0'"
    })
    void optionsForEveryJvmDoNotReachIpamds(String name, String value) throws IOException, InterruptedException {
        assertThat(started("io.vpceni.ipamd.Ipamd", Map.of(name, value, "WARM_IP_TARGET", "x")))
                .containsExactly(
                        "ipamd: the settings are wrong; it does not start until they are corrected:",
                        "  WARM_IP_TARGET='x': want 0 to 1000",
                        "exit 2");
    }

    @Test
    void whatWasTakenAwayIsNamedAndEmptyVariablesOfTheSdkAreUnset() throws IOException, InterruptedException {
        assertThat(started(
                        Shown.class.getName(),
                        Map.of(
                                "JAVA_TOOL_OPTIONS", "-Da=b",
                                "_JAVA_OPTIONS", "-Dc=d",
                                "AWS_USE_DUALSTACK_ENDPOINT", "",
                                "AWS_ENDPOINT_URL_EC2", "",
                                "AWS_REGION", "a 'quoted' $region; `x`")))
                .containsExactly(
                        "unused JAVA_TOOL_OPTIONS _JAVA_OPTIONS", "AWS_REGION=a 'quoted' $region; `x`", "exit 0");
    }

    /// A variable that is checked at start, where "" is unset, is unset for the SDK too.
    @Test
    void everyVariableOfTheSdksThatIsDocumentedIsUnsetWhenEmpty() throws IOException {
        String document = Files.readString(
                LAUNCHER.resolve("../../../../../docs/settings.md").normalize());
        String table = document.substring(document.indexOf("<!-- sdk -->"), document.indexOf("<!-- /sdk -->"));
        List<String> names = table.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .toList();

        assertThat(names).isNotEmpty();
        assertThat(List.of(Files.readString(LAUNCHER).split("[\\s;]+", -1))).containsAll(names);
    }

    /// The launcher's text, with this machine's Java and class path in the place of the image's.
    private List<String> started(String main, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path launcher = directory.resolve("ipamd");
        Files.writeString(
                launcher,
                Files.readString(LAUNCHER)
                        .replace("/opt/java/", System.getProperty("java.home") + "/")
                        .replace("/opt/vpc-eni/", directory + "/"));
        Files.write(
                directory.resolve("ipamd.args"),
                List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), main));
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Path output = directory.resolve("output");
        Process process = builder.redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ipamd ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        Files.writeString(output, "exit " + process.exitValue(), StandardOpenOption.APPEND);
        return Files.readAllLines(output);
    }

    /// In ipamd's place.
    public static final class Shown {
        private Shown() {}

        @SuppressWarnings("SystemOut") // a program of the tests
        public static void main(String[] args) {
            System.out.println("unused " + System.getProperty("vpceni.unused"));
            System.getenv().forEach((name, value) -> {
                if (name.startsWith("AWS_") || name.contains("JAVA")) {
                    System.out.println(name + "=" + value);
                }
            });
        }
    }
}
