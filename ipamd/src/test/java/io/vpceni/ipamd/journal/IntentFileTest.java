package io.vpceni.ipamd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.OpenIntents;
import io.vpceni.pool.EniId;
import io.vpceni.pool.journal.CheckedLines;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each row of the table of bad input in docs/journal.md, for intents.
class IntentFileTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final String NAME = IntentFile.NAME;
    private static final JournalFile.FileOptions SMALL = new JournalFile.FileOptions(NAME, true, 500);

    private final MemoryDisk disk = new MemoryDisk();

    private static IntentFile.Opened open(JournalDisk disk) {
        return IntentFile.open(disk, SMALL, Runnable::run);
    }

    private static EniId eni(int number) {
        return new EniId("eni-" + number);
    }

    private static Intent creating(int number) {
        return new Intent.Creating(
                new ClientToken("token-" + number), new SubnetId("subnet-0a"), new DeviceSlot(0, number), T);
    }

    /// Births and removals of a few ENIs, at any stage.
    private static List<List<Intent>> history(int turns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Intent>> batches = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            int n = random.nextInt(4);
            List<Intent> batch = new ArrayList<>();
            batch.add(
                    switch (random.nextInt(6)) {
                        case 0 -> creating(n);
                        case 1 -> new Intent.Attaching(new ClientToken("token-" + n), eni(n), T);
                        case 2 -> new Intent.Added(new ClientToken("token-" + n), eni(n), T);
                        case 3 -> new Intent.Detaching(eni(n), new AttachmentId("eni-attach-" + n), T);
                        case 4 -> new Intent.Deleting(eni(n), T);
                        default -> new Intent.Deleted(eni(n), T);
                    });
            if (random.nextInt(3) == 0) {
                batch.add(new Intent.Undone(new ClientToken("token-" + n), T));
            }
            batches.add(batch);
        }
        return batches;
    }

    private static List<Intent> openOf(List<Intent> intents) {
        OpenIntents open = new OpenIntents();
        intents.forEach(open::apply);
        return open.list();
    }

    @Test
    void works_that_did_not_end_are_told_to_the_next_life() throws IOException {
        IntentFile file = open(disk).file();
        file.append(List.of(creating(1), creating(2)));
        file.append(List.of(new Intent.Undone(new ClientToken("token-1"), T)));

        IntentFile.Opened next = open(disk);

        assertThat(next.open()).containsExactly(creating(2));
        assertThat(next.findings()).isEmpty();
        assertThat(next.file().openWorks()).isEqualTo(1);
        assertThat(file.openWorks()).isEqualTo(1);
    }

    @Test
    void opening_writes_nothing() {
        assertThat(open(disk).open()).isEmpty();
        assertThat(disk.has(NAME)).isFalse();
    }

    @Test
    void wherever_the_machine_stops_every_acknowledged_intent_counts_and_none_was_invented() {
        List<List<Intent>> batches = history(40, 7);
        boolean finished = false;
        for (long steps = 0; !finished; steps++) {
            finished = crashesAfter(steps, batches);
        }
    }

    /// @return whether the history came to its end
    private static boolean crashesAfter(long steps, List<List<Intent>> batches) {
        MemoryDisk disk = new MemoryDisk();
        disk.crashAfter(steps);
        List<Intent> acknowledged = new ArrayList<>();
        List<Intent> inFlight = List.of();
        boolean finished = false;
        try {
            IntentFile file = open(disk).file();
            for (List<Intent> batch : batches) {
                inFlight = batch;
                file.append(batch);
                acknowledged.addAll(batch);
                inFlight = List.of();
            }
            finished = true;
        } catch (MemoryDisk.Crash _) {
            // here the next life begins
        } catch (IOException e) {
            throw new AssertionError("nothing fails on this disk, it only stops", e);
        }
        disk.neverCrash();
        List<List<Intent>> possible = new ArrayList<>();
        for (int part = 0; part <= inFlight.size(); part++) {
            List<Intent> all = new ArrayList<>(acknowledged);
            all.addAll(inFlight.subList(0, part));
            possible.add(openOf(all));
        }
        assertThat(possible).as("stopped after " + steps).contains(open(disk).open());
        return finished;
    }

    @Test
    void a_full_disk_fails_the_append_hinders_no_start_and_leaves_nothing_of_it() throws IOException {
        IntentFile file = open(disk).file();
        file.append(List.of(creating(1)));
        disk.room(20);
        assertThatThrownBy(() -> file.append(List.of(creating(2)))).hasMessage("No space left on device");

        IntentFile.Opened next = open(disk);

        assertThat(next.findings()).isEmpty();
        assertThat(next.open()).containsExactly(creating(1));
        assertThatThrownBy(() -> next.file().append(List.of(creating(3)))).hasMessage("No space left on device");
        disk.room(Long.MAX_VALUE);
        next.file().append(List.of(creating(4)));
        assertThat(open(disk).open()).containsExactly(creating(1), creating(4));
    }

    @Test
    void nothing_counts_as_written_before_the_disk_has_the_files_name() throws IOException {
        IntentFile file = open(disk).file();
        disk.namesUnsure = true;
        assertThatThrownBy(() -> file.append(List.of(creating(1)))).hasMessage("Input/output error");
        disk.namesUnsure = false;

        file.append(List.of(creating(2)));

        assertThat(open(disk).open()).containsExactly(creating(2));
    }

    @Test
    void a_torn_tail_is_cut_told_and_written_over() throws IOException {
        IntentFile file = open(disk).file();
        file.append(List.of(creating(1)));
        file.append(List.of(creating(2)));
        byte[] whole = disk.bytes(NAME);
        disk.put(NAME, Arrays.copyOf(whole, whole.length - 5));

        IntentFile.Opened next = open(disk);
        next.file().append(List.of(creating(3)));

        assertThat(next.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.TORN_TAIL);
            assertThat(finding.text()).contains("EC2 had not been asked");
        });
        assertThat(open(disk).findings()).isEmpty();
        assertThat(open(disk).open()).containsExactly(creating(1), creating(3));
    }

    @Test
    void a_damaged_file_is_written_anew_and_the_damaged_one_kept() throws IOException {
        open(disk).file().append(List.of(creating(1), creating(2), creating(3)));
        byte[] damaged = new String(disk.bytes(NAME), StandardCharsets.ISO_8859_1)
                .replace("token-2", "tOken-2")
                .getBytes(StandardCharsets.ISO_8859_1);
        disk.put(NAME, damaged);

        IntentFile.Opened next = open(disk);

        assertThat(next.open()).containsExactly(creating(1), creating(3));
        assertThat(next.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.DAMAGED));
        assertThat(disk.bytes(NAME + ".damaged")).isEqualTo(damaged);
        assertThat(open(disk).findings()).isEmpty();
        assertThat(open(disk).open()).containsExactly(creating(1), creating(3));
    }

    @Test
    void a_file_of_a_later_version_is_put_aside_unread() throws IOException {
        byte[] later = CheckedLines.header("vpc-eni-intents", 2).getBytes(StandardCharsets.ISO_8859_1);
        disk.put(NAME, later);

        IntentFile.Opened opened = open(disk);
        opened.file().append(List.of(creating(1)));

        assertThat(opened.open()).isEmpty();
        assertThat(disk.bytes(NAME + ".unread")).isEqualTo(later);
        assertThat(opened.findings().stream().map(Finding::text))
                .containsExactly(
                        "The file of intents has format 2 and this ipamd knows 1: it is renamed and not read; EC2 "
                                + "lists the ENIs, and unattached ones of this node are deleted",
                        "The unread file of intents is kept as eni.intents.unread");
        assertThat(open(disk).open()).containsExactly(creating(1));
    }

    @Test
    void an_unreadable_file_is_put_aside_or_left_alone_but_never_overwritten() throws IOException {
        disk.put(NAME, new byte[] {1, 2, 3});
        disk.unreadable = true;
        disk.renameRefused = true;

        IntentFile.Opened opened = open(disk);

        assertThat(opened.findings()).hasSize(2);
        assertThatThrownBy(() -> opened.file().append(List.of(creating(1)))).hasMessage("Read-only file system");
        assertThat(disk.bytes(NAME)).containsExactly(1, 2, 3);
        disk.renameRefused = false;
        opened.file().append(List.of(creating(1)));
        assertThat(disk.bytes(NAME + ".unread")).containsExactly(1, 2, 3);
    }

    @Test
    void it_stays_small_however_many_enis_come_and_go() throws IOException {
        IntentFile file = open(disk).file();
        long most = 0;
        for (List<Intent> batch : history(5_000, 3)) {
            file.append(batch);
            most = Math.max(most, file.bytes());
        }

        assertThat(most).isLessThan(4_000);
        assertThat(open(disk).open())
                .isEqualTo(
                        openOf(history(5_000, 3).stream().flatMap(List::stream).toList()));
    }

    @Test
    void the_directory_is_made_with_the_file(@TempDir Path parent) throws IOException {
        Path directory = parent.resolve("vpc-eni");
        try (IntentFile file = open(new DirectoryDisk(directory)).file()) {
            assertThat(directory).doesNotExist();
            file.append(List.of(creating(1)));
            for (List<Intent> batch : history(100, 5)) {
                file.append(batch);
            }
        }

        assertThat(Files.getPosixFilePermissions(directory)).hasSize(3);
        assertThat(Files.getPosixFilePermissions(directory.resolve(NAME))).hasSize(2);
        List<Intent> all = new ArrayList<>(List.of(creating(1)));
        history(100, 5).forEach(all::addAll);
        assertThat(open(new DirectoryDisk(directory)).open()).isEqualTo(openOf(all));
    }

    @Test
    void a_directory_that_cannot_be_made_fails_the_append_and_not_the_start(@TempDir Path parent) throws IOException {
        Path inTheWay = Files.createFile(parent.resolve("file"));

        IntentFile.Opened opened = open(new DirectoryDisk(inTheWay.resolve("vpc-eni")));

        assertThatThrownBy(() -> opened.file().append(List.of(creating(1)))).isInstanceOf(IOException.class);
    }

    @Test
    void a_directory_in_its_place_is_put_aside_and_all_of_it_written_anew(@TempDir Path directory) throws IOException {
        List<Intent> all = List.of(creating(1));
        try (IntentFile file = open(new DirectoryDisk(directory)).file()) {
            file.append(all);
            Path name = directory.resolve(IntentFile.NAME);
            Files.delete(name);
            Files.createDirectory(name);
            Files.writeString(name.resolve("x"), "");

            assertThat(file.restoreIfLost()).isTrue();
            assertThat(directory.resolve(IntentFile.NAME + ".unread").resolve("x"))
                    .exists();
        }
        assertThat(open(new DirectoryDisk(directory)).open()).isEqualTo(all);
    }
}
