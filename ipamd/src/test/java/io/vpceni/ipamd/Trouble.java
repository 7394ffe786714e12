package io.vpceni.ipamd;

import io.vpceni.config.AttachmentKey;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.IntentText;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.JournalText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;

/// What somebody may have put in the place of a file.
enum Trouble {
    NONE {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.writeString(path, valid(file));
        }
    },
    EMPTY {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.createFile(path);
        }
    },
    GARBAGE {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            byte[] noise = new byte[100_000];
            SplittableRandom random = new SplittableRandom(1);
            random.nextBytes(noise);
            Files.write(path, noise);
        }
    },
    /// 1 GiB of zeros.
    HUGE {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
                sparse.setLength(1L << 30);
            }
        }
    },
    /// 60 MiB of zeros: less than a journal may have, more than the heap holds twice.
    ZEROS {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            try (RandomAccessFile sparse = new RandomAccessFile(path.toFile(), "rw")) {
                sparse.setLength(60L << 20);
            }
        }
    },
    /// As it could be, and 12 MiB or more long.
    LONG {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            String valid = valid(file);
            try (BufferedWriter out = Files.newBufferedWriter(path, StandardCharsets.ISO_8859_1)) {
                out.write(valid);
                for (int i = 0; i < 120_000; i++) {
                    out.write(further(file, i));
                }
            }
        }
    },
    DIRECTORY {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.createDirectory(path);
        }
    },
    FULL_DIRECTORY {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.writeString(Files.createDirectory(path).resolve("inside"), "x");
        }
    },
    FIFO {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            run("mkfifo", path.toString());
        }
    },
    SYMLINK {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.createSymbolicLink(path, Files.writeString(path.resolveSibling("target"), valid(file)));
        }
    },
    SYMLINK_TO_FIFO {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Path target = path.resolveSibling("target");
            run("mkfifo", target.toString());
            Files.createSymbolicLink(path, target);
        }
    },
    SYMLINK_LOOP {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.createSymbolicLink(path, path.getFileName());
        }
    },
    UNREADABLE {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.writeString(path, valid(file));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
        }
    },
    TWO_DOCUMENTS {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            Files.writeString(path, valid(file) + valid(file));
        }
    },
    TRUNCATED {
        @Override
        void make(TroubledFile file, Path path) throws IOException {
            String valid = valid(file);
            Files.writeString(path, valid.substring(0, valid.length() / 2 + 1));
        }
    };

    abstract void make(TroubledFile file, Path path) throws IOException;

    private static String valid(TroubledFile file) {
        return switch (file) {
            case JOURNAL, COMPACTED_JOURNAL, UNREAD_JOURNAL ->
                JournalText.header()
                        + JournalText.processStart(TroubledFile.CLOCK)
                        + JournalText.lines(List.of(TroubledFile.assigned(1), TroubledFile.assigned(2)));
            case INTENTS ->
                IntentText.header()
                        + IntentText.lines(List.of(
                                new Intent.Undoing(new ClientToken("token-1"), TroubledFile.ENI, TroubledFile.T),
                                new Intent.Undoing(new ClientToken("token-2"), TroubledFile.ENI, TroubledFile.T)));
            case CHECKPOINT, FURTHER_CHECKPOINT ->
                "{\"version\":\"vpc-cni-ipam/1\",\"allocations\":[" + allocation(1) + "]}";
            case ZONES -> "{\"eu-west-1a\": {\"subnet\": \"subnet-0a1b2c3d\"}}";
            case CONFLIST, CONFLIST_TEMPORARY, OTHER_CONFLIST, SERVED, LOCK, SOCKET, UNFINISHED_SOCKET, NETNS_SOCKET ->
                "{\"cniVersion\": \"1.0.0\"}";
        };
    }

    private static String further(TroubledFile file, int number) {
        return switch (file) {
            case JOURNAL, COMPACTED_JOURNAL, UNREAD_JOURNAL ->
                JournalText.lines(List.of(new JournalRecord.DelSeen(
                        new AttachmentKey("vpc-eni", "gone-" + number, "eth0"),
                        number,
                        TroubledFile.T.plusSeconds(60))));
            case INTENTS ->
                IntentText.lines(List.of(
                        new Intent.Undoing(new ClientToken("later-" + number), TroubledFile.ENI, TroubledFile.T)));
            case CHECKPOINT, FURTHER_CHECKPOINT -> "{\"more\":[" + allocation(number) + "]}";
            case ZONES,
                    CONFLIST,
                    CONFLIST_TEMPORARY,
                    OTHER_CONFLIST,
                    SERVED,
                    LOCK,
                    SOCKET,
                    UNFINISHED_SOCKET,
                    NETNS_SOCKET ->
                "{\"a\": [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}\n";
        };
    }

    private static String allocation(int number) {
        return "{\"networkName\":\"" + CheckpointEntry.AWS_NETWORK + "\",\"containerID\":\"c" + number
                + "\",\"ifName\":\"eth0\",\"ipv4\":\"10.0." + (number >> 8 & 255) + "." + (number & 255)
                + "\",\"allocationTimestamp\":1700000000000000000,\"metadata\":{\"k8sPodNamespace\":\"default\","
                + "\"k8sPodName\":\"web-" + number + "\"}}";
    }

    private static void run(String... command) throws IOException {
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
