package io.vpceni.ipamd;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Conflist;
import io.vpceni.config.PodName;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.site.file.ZoneFile;
import io.vpceni.ipamd.cni.CniEndpoint;
import io.vpceni.ipamd.journal.AwsCheckpoint;
import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.IntentFile;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.netlink.NetnsFdReceiver;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.Finding;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.rpc.CniAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// Every file of ipamd's that somebody else can put something in the place of, taken into use with the code of the
/// product. What is returned is what people are told.
enum TroubledFile {
    JOURNAL("pool.journal") {
        @Override
        String use(Path directory) throws IOException {
            return journal(directory);
        }
    },
    COMPACTED_JOURNAL("pool.journal.new") {
        @Override
        String use(Path directory) throws IOException {
            return journal(directory);
        }
    },
    UNREAD_JOURNAL("pool.journal.unread") {
        @Override
        String use(Path directory) throws IOException {
            Files.createDirectory(directory.resolve("pool.journal")); // has to be renamed, too
            return journal(directory);
        }
    },
    INTENTS("eni.intents") {
        @Override
        String use(Path directory) throws IOException {
            IntentFile.Opened opened = IntentFile.open(new DirectoryDisk(directory), Runnable::run);
            try (IntentFile file = opened.file()) {
                file.append(List.of(new Intent.Deleting(ENI, T)));
            }
            IntentFile.Opened again = IntentFile.open(new DirectoryDisk(directory), Runnable::run);
            again.file().close();
            return texts(opened.findings()) + (again.open().contains(new Intent.Deleting(ENI, T)) ? "" : "NOT WRITTEN");
        }
    },
    CHECKPOINT("ipam.json") {
        @Override
        String use(Path directory) {
            return checkpoint(directory);
        }
    },
    FURTHER_CHECKPOINT("ipam-nic-1.json") {
        @Override
        String use(Path directory) {
            return checkpoint(directory);
        }
    },
    ZONES("zones.json") {
        @Override
        String use(Path directory) {
            ZoneFile zones = new ZoneFile(directory.resolve("zones.json"));
            return zones.in("eu-west-1a")
                            .map(found -> "subnet " + found.subnetId())
                            .orElse("none")
                    + zones.in("eu-west-1b")
                            .map(found -> "subnet " + found.subnetId())
                            .orElse("");
        }
    },
    CONFLIST(Conflist.FILE_NAME) {
        @Override
        String use(Path directory) {
            return conflist(directory);
        }
    },
    CONFLIST_TEMPORARY("." + Conflist.FILE_NAME + ".new") {
        @Override
        String use(Path directory) {
            return conflist(directory);
        }
    },
    OTHER_CONFLIST("00-other.conflist") {
        @Override
        String use(Path directory) {
            return conflist(directory);
        }
    },
    SERVED("served") {
        @Override
        String use(Path directory) {
            new ServedFile(directory.resolve("ipamd.sock"), System::nanoTime, CompletableFuture::new).note();
            return Files.isRegularFile(directory.resolve("served"), LinkOption.NOFOLLOW_LINKS) ? "noted" : "reported";
        }
    },
    LOCK("ipamd.lock") {
        @Override
        String use(Path directory) throws IOException {
            Path socket = directory.resolve("ipamd.sock");
            try (DaemonLock lock = DaemonLock.take(socket, _ -> {})) {
                return lock.isOpen() && Files.isRegularFile(directory.resolve("ipamd.lock"), LinkOption.NOFOLLOW_LINKS)
                        ? "locked"
                        : "NOT LOCKED";
            }
        }
    },
    SOCKET("ipamd.sock") {
        @Override
        String use(Path directory) throws IOException {
            return socket(directory);
        }
    },
    UNFINISHED_SOCKET(".s") {
        @Override
        String use(Path directory) throws IOException {
            return socket(directory);
        }
    },
    NETNS_SOCKET("netns.sock") {
        @Override
        String use(Path directory) throws IOException {
            try (NetnsFdReceiver inbox = NetnsFdReceiver.open(directory.resolve("netns.sock"))) {
                return inbox.isOpen() ? "open" : "NOT OPEN";
            }
        }
    };

    static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    static final JournalClock CLOCK = JournalClock.of("boot-1", T, 0);
    static final EniId ENI = new EniId("eni-0a1b2c3d4e5f60718");

    final String fileName;

    TroubledFile(String fileName) {
        this.fileName = fileName;
    }

    /// @param directory of its own, with the trouble in it
    abstract String use(Path directory) throws IOException;

    static JournalRecord assigned(int number) {
        return new JournalRecord.Assigned(
                new Assignment(
                        new AttachmentKey("vpc-eni", "c" + number, "eth0"),
                        new PodName("default", "web-" + number),
                        InetAddress.ofLiteral(
                                "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255)),
                        ENI),
                T);
    }

    /// Whatever was there, a pod gets its address and the next life knows.
    private static String journal(Path directory) throws IOException {
        JournalRecord pod = assigned(99_999);
        JournalFile.Opened opened = openJournal(directory);
        int before = opened.state().assignments().size();
        try (JournalFile file = opened.file()) {
            file.append(List.of(pod));
        }
        JournalFile.Opened again = openJournal(directory);
        again.file().close();
        return before + " pods; " + texts(opened.findings())
                + (again.state().assignments().contains(pod) ? "" : "NOT WRITTEN");
    }

    private static JournalFile.Opened openJournal(Path directory) {
        return JournalFile.open(
                new DirectoryDisk(directory),
                new JournalFile.FileOptions("pool.journal", false, JournalFile.FileOptions.COMPACT_ABOVE_BYTES),
                CLOCK,
                () -> T,
                Runnable::run);
    }

    private static String checkpoint(Path directory) {
        AwsCheckpoint.Read read =
                new AwsCheckpoint(new ObjectMapper(), Conflist.NETWORK_NAME).read(directory.resolve("ipam.json"));
        return read.entries().size() + " entries; " + texts(read.findings());
    }

    private static String conflist(Path directory) {
        ConflistFile file =
                new ConflistFile(directory, new Conflist(Path.of("/run/vpc-eni/ipamd.sock"), Duration.ofSeconds(60)));
        try {
            Path written = file.write();
            return (Files.isRegularFile(written, LinkOption.NOFOLLOW_LINKS) ? "written " : "NOT WRITTEN ")
                    + file.before();
        } catch (IOException e) {
            return "refused: " + e.getMessage(); // ipamd tries again each second
        }
    }

    private static String socket(Path directory) throws IOException {
        try (CniEndpoint door = CniEndpoint.open(
                directory.resolve("ipamd.sock"),
                _ -> CniAnswer.getDefaultInstance(),
                new Metrics("test"),
                System::nanoTime)) {
            if (door.isOpen()) {
                return "open";
            }
            try {
                door.reopen();
                return "NOT OPEN AT FIRST";
            } catch (IOException e) {
                return "refused: " + e.getMessage();
            }
        }
    }

    private static String texts(List<Finding> findings) {
        return findings.stream().map(Finding::text).collect(Collectors.joining(" / "));
    }
}
