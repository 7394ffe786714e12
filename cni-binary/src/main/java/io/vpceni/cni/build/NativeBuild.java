package io.vpceni.cni.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.twitter.hpack.Decoder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    private static final int MAX_HEAP_BYTES = 32 << 20; // twice the largest inputs (ExecutableMemoryTest)
    private static final List<String> FLAGS = List.of(
            "-std=gnu11", "-O2", "-w", "-static", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "-s");

    private static final String PACKAGES = "gcc and libc6-dev (Debian, Ubuntu) or gcc and glibc-static (Amazon Linux)";

    private final Path classes;
    private final Path target;
    private final List<String> compiler;
    private final Translation translation;

    /// Writes C for the plugin into a directory; `all.c` includes the rest.
    interface Translation {
        void translate(Path generated) throws IOException;
    }

    /// @param compiler the C compiler and its arguments
    NativeBuild(Path classes, Path target, List<String> compiler, Translation translation) {
        this.classes = classes;
        this.target = target;
        this.compiler = List.copyOf(compiler);
        this.translation = translation;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        List<String> compiler = new ArrayList<>(words(environment.getOrDefault("CC", "cc")));
        compiler.addAll(FLAGS);
        compiler.addAll(words(environment.getOrDefault("CFLAGS", "")));
        new NativeBuild(Path.of(args[0]), Path.of(args[1]), compiler, NativeBuild::translateByTeaVm).run();
    }

    /// @throws IOException when the executable cannot be made; the message says what to install where that helps
    void run() throws IOException, InterruptedException {
        Path executable = target.resolve("vpc-eni");
        Path stamp = target.resolve("vpc-eni.stamp");
        String fingerprint = fingerprint();
        if (Files.isExecutable(executable)
                && Files.exists(stamp)
                && Files.readString(stamp).equals(fingerprint)) {
            return;
        }
        Path generated = target.resolve("c");
        translation.translate(generated);
        compile(generated, executable);
        Files.writeString(stamp, fingerprint);
    }

    private static void translateByTeaVm(Path generated) throws IOException {
        TeaVMTool tool = new TeaVMTool();
        tool.setTargetType(TeaVMTargetType.C);
        tool.setMainClass("io.vpceni.cni.libc.Main");
        tool.setTargetDirectory(generated.toFile());
        tool.setClassLoader(NativeBuild.class.getClassLoader());
        tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
        tool.setStrict(true); // checks array bounds, as a JVM does
        tool.setObfuscated(true);
        tool.setShortFileNames(true);
        tool.setHeapDump(false);
        tool.getTransformers().add(RuntimeMends.class.getName());
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
                    "no C compiler '" + compiler.getFirst() + "': install " + PACKAGES + ", or set CC", e);
        }
        if (process.waitFor() != 0) {
            String said = Files.readString(log);
            throw new IOException(
                    lacksLibc(said)
                            ? "no C library that '" + compiler.getFirst() + "' can link statically: install " + PACKAGES
                            : "the C compiler failed: " + String.join(" ", command) + "\n" + said);
        }
        Files.move(unfinished, executable, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Of GNU ld, gold and lld; and of a compiler without libc's headers.
    private static boolean lacksLibc(String said) {
        return said.contains("cannot find -l")
                || said.contains("unable to find library -l")
                || said.contains("stdlib.h: No such file");
    }

    private String fingerprint() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(String.join("\n", compiler).getBytes(UTF_8));
            for (Class<?> library : List.of(TeaVMTool.class, Decoder.class)) { // their jars' names hold the versions
                digest.update(String.valueOf(
                                library.getProtectionDomain().getCodeSource().getLocation())
                        .getBytes(UTF_8));
            }
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
