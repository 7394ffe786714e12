package io.vpceni.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.machine.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs jobs through `execbench` (`src/main/c`), which does the measuring.
final class ExecDriver {
    private static final Duration SERIES_MAX = Duration.ofMinutes(10);
    private static final int ONE_EXECUTION_SECONDS_MAX = 120;

    private final Path driver;
    private final Path directory;
    private final ObjectMapper json = new ObjectMapper();

    /// @param driver the executable
    /// @param directory for the lists of jobs and results
    ExecDriver(Path driver, Path directory) {
        this.driver = driver;
        this.directory = directory;
    }

    /// @param options of the driver, such as `--netns`
    /// @param concurrency how many run at a time, 1 to 256
    /// @return one for each job, in the order of their ends
    List<Execution> run(List<String> options, int concurrency, List<Job> jobs, List<String> command)
            throws IOException {
        Path list = directory.resolve("bench-jobs");
        Path results = directory.resolve("bench-results");
        StringBuilder text = new StringBuilder();
        jobs.forEach(job -> text.append(job.line()));
        Files.writeString(list, text);
        List<String> words = new ArrayList<>(List.of(driver.toString()));
        words.addAll(options);
        words.addAll(List.of("--concurrency", Integer.toString(concurrency)));
        words.addAll(List.of("--timeout", Integer.toString(ONE_EXECUTION_SECONDS_MAX)));
        words.addAll(List.of("--jobs", list.toString(), "--results", results.toString()));
        words.addAll(command);
        String _ = Program.of(words).withTimeMax(SERIES_MAX).run();
        List<Execution> executions = new ArrayList<>();
        for (String line : Files.readAllLines(results, StandardCharsets.UTF_8)) {
            executions.add(execution(json.readTree(line)));
        }
        if (executions.size() != jobs.size()) {
            throw new IOException(jobs.size() + " jobs gave " + executions.size() + " results");
        }
        return executions;
    }

    private static Execution execution(JsonNode result) {
        return new Execution(
                result.path("job").asInt(),
                result.path("startNs").asLong(),
                result.path("endNs").asLong(),
                result.path("exit").asInt(),
                result.path("rssKb").asLong(),
                result.path("answer").asText());
    }
}
