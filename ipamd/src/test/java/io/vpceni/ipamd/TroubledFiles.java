package io.vpceni.ipamd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `TroubledFiles DIRECTORY`: takes every file with every trouble into use, one after the other, and prints what
/// came of it. Started by [TroubledFilesTest] with the JVM options of ipamd.
final class TroubledFiles {
    static final String BEGIN = "@@ begin ";
    static final String END = "@@ end ";

    private TroubledFiles() {}

    @SuppressWarnings("SystemOut") // its parent reads it
    public static void main(String[] args) throws IOException {
        Path base = Path.of(args[0]);
        for (TroubledFile file : TroubledFile.values()) {
            for (Trouble trouble : Trouble.values()) {
                String name = file + "-" + trouble;
                Path directory = Files.createDirectory(base.resolve(name));
                trouble.make(file, directory.resolve(file.fileName));
                System.out.println(BEGIN + name);
                String said;
                try {
                    said = file.use(directory);
                } catch (IOException | RuntimeException e) {
                    said = "THROWN " + e;
                }
                System.out.println(END + said.replace('\n', ' '));
            }
        }
        System.exit(0);
    }
}
