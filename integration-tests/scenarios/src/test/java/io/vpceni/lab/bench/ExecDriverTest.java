package io.vpceni.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecDriverTest {
    private static final Path BUILT = Path.of("target/bench").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway") // JUnit sets it
    private Path directory;

    @Test
    void aJobReadsItsInputAndItsAnswerComesBack() throws IOException {
        String input = "{\"cniVersion\":\"1.0.0\",\"name\":\"größer \\\"x\\\"\"}";

        List<Execution> executions = run(1, List.of(new Job(List.of(), input)), "/bin/cat");

        assertThat(executions).singleElement().satisfies(execution -> {
            assertThat(execution.answer()).isEqualTo(input);
            assertThat(execution.succeeded()).isTrue();
            assertThat(execution.peakRssKb()).isPositive();
        });
    }

    @Test
    void aJobHasItsOwnEnvironmentAndNothingElse() throws IOException {
        List<Execution> executions = run(1, List.of(new Job(List.of("CNI_COMMAND=ADD", "A=b=c"), "")), "/usr/bin/env");

        assertThat(executions.getFirst().answer()).isEqualTo("CNI_COMMAND=ADD\nA=b=c\n");
    }

    @Test
    void aStatusThatIsNotZeroIsAFailure() throws IOException {
        assertThat(run(1, List.of(new Job(List.of(), "")), "/bin/false")).noneMatch(Execution::succeeded);
    }

    @Test
    void everyJobRunsOnceWhenManyRunAtATime() throws IOException {
        List<Job> jobs = IntStream.range(0, 300)
                .mapToObj(i -> new Job(List.of(), "job " + i))
                .toList();

        List<Execution> executions = run(16, jobs, "/bin/cat");

        assertThat(executions)
                .hasSize(300)
                .allSatisfy(execution -> assertThat(execution.answer()).isEqualTo("job " + execution.job()));
        assertThat(executions).extracting(Execution::job).doesNotHaveDuplicates();
    }

    @Test
    void oneAtATimeMeansThatNoTwoOverlap() throws IOException {
        List<Execution> executions = run(
                1,
                Collections.nCopies(20, new Job(List.of(), "")),
                BUILT.resolve("noop").toString());

        for (int i = 1; i < executions.size(); i++) {
            assertThat(executions.get(i).startNs())
                    .isGreaterThanOrEqualTo(executions.get(i - 1).endNs());
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> run(1, List.of(new Job(List.of(), "")), "/no/such/plugin"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/plugin");
    }

    private List<Execution> run(int concurrency, List<Job> jobs, String program) throws IOException {
        return new ExecDriver(BUILT.resolve("execbench"), directory)
                .run(List.of(), concurrency, jobs, List.of(program));
    }
}
