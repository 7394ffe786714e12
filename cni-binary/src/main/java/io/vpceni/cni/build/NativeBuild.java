package io.vpceni.cni.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.vm.TeaVMOptimizationLevel;

/// `NativeBuild CLASSES TARGET`: translates `io.vpceni.cni.libc.Main` and links it to `TARGET/vpc-eni`.
///
/// Does nothing when classes, compiler and flags are those of the executable that is there. `CC` and `CFLAGS` of the
/// environment choose another compiler (`CC=aarch64-linux-gnu-gcc`) or add flags.
public final class NativeBuild {
    private static final int MIN_HEAP_BYTES = 1 << 20;
    private static final int MAX_HEAP_BYTES = 64 << 20; // a request and an answer at their largest, several times
    private static final List<String> FLAGS = List.of(
            "-std=gnu11", "-O2", "-w", "-static", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "-s");

    private final Path classes;
    private final Path target;
    private final List<String> compiler;

    private NativeBuild(Path classes, Path target, List<String> compiler) {
        this.classes = classes;
        this.target = target;
        this.compiler = compiler;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        List<String> compiler = new ArrayList<>(words(environment.getOrDefault("CC", "cc")));
        compiler.addAll(FLAGS);
        compiler.addAll(words(environment.getOrDefault("CFLAGS", "")));
        new NativeBuild(Path.of(args[0]), Path.of(args[1]), compiler).run();
    }

    private void run() throws IOException, InterruptedException {
        Path executable = target.resolve("vpc-eni");
        Path stamp = target.resolve("vpc-eni.stamp");
        String fingerprint = fingerprint();
        if (Files.isExecutable(executable)
                && Files.exists(stamp)
                && Files.readString(stamp).equals(fingerprint)) {
            return;
        }
        Path generated = target.resolve("c");
        translate(generated);
        compile(generated, executable);
        Files.writeString(stamp, fingerprint);
    }

    private void translate(Path generated) throws IOException {
        TeaVMTool tool = new TeaVMTool();
        tool.setTargetType(TeaVMTargetType.C);
        tool.setMainClass("io.vpceni.cni.libc.Main");
        tool.setTargetDirectory(generated.toFile());
        tool.setClassLoader(NativeBuild.class.getClassLoader());
        tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
        tool.setObfuscated(true);
        tool.setShortFileNames(true);
        tool.setHeapDump(false);
        tool.setMinHeapSize(MIN_HEAP_BYTES);
        tool.setMaxHeapSize(MAX_HEAP_BYTES);
        try {
            tool.generate();
        } catch (TeaVMToolException e) {
            throw new IOException("TeaVM could not translate the plugin", e);
        }
        List<Problem> problems = tool.getProblemProvider().getSevereProblems();
        if (!problems.isEmpty()) {
            throw new IOException("TeaVM could not translate the plugin: "
                    + problems.stream()
                            .map(problem -> problem.getText() + " " + List.of(problem.getParams()))
                            .toList());
        }
    }

    private void compile(Path generated, Path executable) throws IOException, InterruptedException {
        Path log = target.resolve("cc.log");
        Path unfinished = target.resolve("vpc-eni.new");
        List<String> command = new ArrayList<>(compiler);
        command.addAll(List.of(generated.resolve("all.c").toString(), "-o", unfinished.toString(), "-lm", "-lpthread"));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "no C compiler '" + compiler.getFirst() + "': install gcc and libc6-dev (Debian, Ubuntu) or gcc and"
                            + " glibc-static (Amazon Linux), or set CC",
                    e);
        }
        if (process.waitFor() != 0) {
            throw new IOException("the C compiler failed: " + String.join(" ", command) + "\n" + Files.readString(log));
        }
        Files.move(unfinished, executable, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.join("\n", compiler).getBytes(UTF_8));
            digest.update(System.getProperty("java.class.path", "").getBytes(UTF_8));
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    digest.update(
                            file.toString().replace(File.separatorChar, '/').getBytes(UTF_8));
                    digest.update(Files.readAllBytes(file));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split(" +"));
    }
}
