package io.vpceni.cni.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With a compiler that is a shell script, which copies what it compiles.
class NativeBuildTest {
    @TempDir
    private Path directory;

    private Path classes;
    private Path target;
    private int translations;

    @BeforeEach
    void oneClass() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
        target = Files.createDirectory(directory.resolve("target"));
        Files.writeString(classes.resolve("A.class"), "one");
    }

    @Test
    void makesTheExecutable() throws IOException, InterruptedException {
        build(copying());

        assertThat(target.resolve("vpc-eni")).isExecutable().hasContent("translation 1");
        assertThat(target.resolve("vpc-eni.new")).doesNotExist();
    }

    @Test
    void aSecondRunDoesNothing() throws IOException, InterruptedException {
        String compiler = copying();
        build(compiler);
        build(compiler);

        assertThat(translations).isEqualTo(1);
    }

    @Test
    void whatChangedIsMadeAnew() throws IOException, InterruptedException {
        String compiler = copying();
        build(compiler);
        Files.writeString(classes.resolve("A.class"), "two");
        build(compiler);
        assertThat(translations).as("a class").isEqualTo(2);

        build(compiler, "-O3");
        assertThat(translations).as("a flag").isEqualTo(3);

        Files.delete(target.resolve("vpc-eni"));
        build(compiler, "-O3");
        assertThat(translations).as("no executable").isEqualTo(4);
        assertThat(target.resolve("vpc-eni")).hasContent("translation 4");
    }

    @Test
    void aMissingCompilerIsToldInOneLineWithThePackagesToInstall() {
        assertThatThrownBy(() -> build("/no/such/cc"))
                .isInstanceOf(IOException.class)
                .hasMessage("no C compiler '/no/such/cc': install gcc and libc6-dev (Debian, Ubuntu)"
                        + " or gcc and glibc-static (Amazon Linux), or set CC");
        assertThat(target.resolve("vpc-eni")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/bin/ld: cannot find -lc: No such file or directory",
                "/usr/bin/ld: cannot find -lm",
                "ld.lld: error: unable to find library -lc",
                "all.c:3:10: fatal error: stdlib.h: No such file or directory"
            })
    void aMissingStaticLibcIsToldInOneLineWithThePackagesToInstall(String complaint) throws IOException {
        String compiler = script("echo '" + complaint + "' >&2; exit 1");

        assertThatThrownBy(() -> build(compiler))
                .isInstanceOf(IOException.class)
                .hasMessage("no C library that '" + compiler + "' can link statically: install gcc and libc6-dev"
                        + " (Debian, Ubuntu) or gcc and glibc-static (Amazon Linux)");
    }

    @Test
    void whateverElseTheCompilerSaysIsShown() throws IOException {
        String compiler = script("echo 'internal compiler error'; exit 4");

        assertThatThrownBy(() -> build(compiler))
                .hasMessageContaining("the C compiler failed: " + compiler)
                .hasMessageEndingWith("internal compiler error\n");
    }

    @Test
    void afterAFailureTheOldExecutableStaysAndTheNextRunTriesAgain() throws IOException, InterruptedException {
        build(copying());
        Files.writeString(classes.resolve("A.class"), "two");
        String failing = script("exit 1");
        assertThatThrownBy(() -> build(failing)).isInstanceOf(IOException.class);
        assertThat(target.resolve("vpc-eni")).hasContent("translation 1");

        build(copying());

        assertThat(target.resolve("vpc-eni")).hasContent("translation 3");
    }

    private void build(String... compiler) throws IOException, InterruptedException {
        new NativeBuild(classes, target, List.of(compiler), generated -> {
                    translations++;
                    Files.createDirectories(generated);
                    Files.writeString(generated.resolve("all.c"), "translation " + translations);
                })
                .run();
    }

    /// Called with flags, the source, -o and the output.
    private String copying() throws IOException {
        return script("""
                while [ "$2" != -o ]; do shift; done
                cp "$1" "$3" && chmod +x "$3"
                """);
    }

    private String script(String body) throws IOException {
        Path script = Files.createTempFile(directory, "cc", "");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }
}
