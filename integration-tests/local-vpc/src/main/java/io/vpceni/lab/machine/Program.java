package io.vpceni.lab.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One program with its input. Running it ends the program at the bound of its time.
///
/// @param environment added to the lab's own, as `NAME=value`
public record Program(List<String> command, List<String> environment, String input, Duration timeMax) {
    private static final Duration TIME_MAX = Duration.ofSeconds(20); // ip and nft take milliseconds
    private static final int OUTPUT_BYTES_MAX = 16 << 20;

    public Program {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
    }

    public static Program of(String... command) {
        return of(List.of(command));
    }

    public static Program of(List<String> command) {
        return new Program(command, List.of(), "", TIME_MAX);
    }

    public Program withInput(String changed) {
        return new Program(command, environment, changed, timeMax);
    }

    public Program withEnvironment(List<String> changed) {
        return new Program(command, changed, input, timeMax);
    }

    public Program withTimeMax(Duration changed) {
        return new Program(command, environment, input, changed);
    }

    /// What a program left when it ended.
    public record Result(int status, String out, String err) {}

    /// Runs it and returns what it wrote.
    ///
    /// @throws ProgramFailure also for a status other than 0, with what the program complained of
    public String run() throws ProgramFailure {
        Result result = runToEnd();
        if (result.status() != 0) {
            String complaint = (result.err().isBlank() ? result.out() : result.err()).strip();
            throw new ProgramFailure(
                    command, "status " + result.status() + ", " + complaint + (input.isBlank() ? "" : "\n" + input));
        }
        return result.out();
    }

    /// Runs it; whatever its status, that is the result.
    public Result runToEnd() throws ProgramFailure {
        ProcessBuilder builder = new ProcessBuilder(command);
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        try {
            return await(builder.start());
        } catch (IOException e) {
            throw e instanceof ProgramFailure failure ? failure : new ProgramFailure(command, e);
        }
    }

    private Result await(Process process) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            Thread outReader = reader(process.getInputStream(), out);
            Thread errReader = reader(process.getErrorStream(), err);
            feed(process);
            if (!process.waitFor(timeMax.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProgramFailure(command, "has not ended within " + timeMax.toMillis() + " ms");
            }
            outReader.join(timeMax);
            errReader.join(timeMax);
            return new Result(
                    process.exitValue(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramFailure(command, "interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private void feed(Process process) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // It ended without reading its input: its status tells why.
        }
    }

    private static Thread reader(InputStream from, ByteArrayOutputStream to) {
        return Thread.ofVirtual().name("program-output").start(() -> {
            try {
                to.writeBytes(from.readNBytes(OUTPUT_BYTES_MAX));
            } catch (IOException _) {
                // The program was ended at the bound of its time: what it wrote until then is kept.
            }
        });
    }
}
