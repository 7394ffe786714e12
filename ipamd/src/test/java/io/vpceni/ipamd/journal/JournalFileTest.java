package io.vpceni.ipamd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.Finding;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final JournalClock CLOCK = JournalClock.of("boot-1", T, 0);
    private static final EniId ENI = new EniId("eni-0");
    private static final String NAME = "pool.journal";
    private static final JournalFile.FileOptions SMALL = new JournalFile.FileOptions(NAME, true, 600);
    private static final JournalFile.FileOptions NEVER = new JournalFile.FileOptions(NAME, false, Integer.MAX_VALUE);

    private final MemoryDisk disk = new MemoryDisk();

    private static JournalFile.Opened open(JournalDisk disk, JournalFile.FileOptions options, Executor elsewhere) {
        return JournalFile.open(disk, options, CLOCK, () -> T, elsewhere);
    }

    private JournalFile.Opened open(JournalFile.FileOptions options) {
        return open(disk, options, Runnable::run);
    }

    private static JournalRecord assigned(int number) {
        return new JournalRecord.Assigned(
                new Assignment(
                        new AttachmentKey("vpc-eni", "c" + number, "eth0"),
                        new PodName("default", "web-" + number),
                        InetAddress.ofLiteral("10.0.0." + (1 + number)),
                        ENI),
                T);
    }

    private static JournalRecord released(int number) {
        return new JournalRecord.Released(
                new AttachmentKey("vpc-eni", "c" + number, "eth0"),
                InetAddress.ofLiteral("10.0.0." + (1 + number)),
                T,
                T.plusSeconds(30));
    }

    /// Turns of an owner: one batch each, most of them superseded soon.
    private static List<List<JournalRecord>> history(int turns, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<JournalRecord>> batches = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            List<JournalRecord> batch = new ArrayList<>();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int number = random.nextInt(4);
                batch.add(
                        switch (random.nextInt(3)) {
                            case 0 -> assigned(number);
                            case 1 -> released(number);
                            default ->
                                new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0." + (1 + number) + "/32"), T);
                        });
            }
            batches.add(batch);
        }
        return batches;
    }

    private static List<JournalRecord> state(List<JournalRecord> records) {
        JournalState state = new JournalState(JournalState.Trust.WHOLE);
        records.forEach(state::apply);
        return state.records(T);
    }

    @Test
    void what_was_appended_is_read_by_the_next_life() throws IOException {
        JournalFile.Opened first = open(NEVER);
        assertThat(first.state().trust()).isEqualTo(JournalState.Trust.ABSENT);
        first.file().append(List.of(assigned(1), assigned(2)));
        first.file().append(List.of(released(1)));

        JournalFile.Opened second = open(NEVER);

        assertThat(second.findings()).isEmpty();
        assertThat(second.state().trust()).isEqualTo(JournalState.Trust.WHOLE);
        assertThat(second.state().records(T)).isEqualTo(state(List.of(assigned(1), assigned(2), released(1))));
    }

    @Test
    void opening_writes_nothing() {
        open(NEVER);

        assertThat(disk.has(NAME)).isFalse();
    }

    @Test
    void wherever_the_machine_stops_every_acknowledged_record_is_there_and_none_was_invented() {
        for (boolean atOnce : List.of(true, false)) {
            Deque<Runnable> later = new ArrayDeque<>();
            List<List<JournalRecord>> batches = history(24, 7);
            long steps = 0;
            boolean finished = false;
            while (!finished) {
                finished = crashesAfter(steps++, batches, atOnce ? Runnable::run : later::add, later);
            }
            assertThat(steps).isGreaterThan(2500); // bytes of the whole history
        }
    }

    /// @return whether the history came to its end
    private static boolean crashesAfter(
            long steps, List<List<JournalRecord>> batches, Executor elsewhere, Deque<Runnable> later) {
        MemoryDisk disk = new MemoryDisk();
        disk.crashAfter(steps);
        List<JournalRecord> acknowledged = new ArrayList<>();
        List<JournalRecord> inFlight = List.of();
        boolean finished = false;
        try {
            JournalFile file = open(disk, SMALL, elsewhere).file();
            int turn = 0;
            for (List<JournalRecord> batch : batches) {
                inFlight = batch;
                file.append(batch);
                acknowledged.addAll(batch);
                inFlight = List.of();
                if (++turn % 3 == 0 && !later.isEmpty()) {
                    later.poll().run();
                }
            }
            finished = true;
        } catch (MemoryDisk.Crash _) {
            // here the next life begins
        } catch (IOException e) {
            throw new AssertionError("nothing fails on this disk, it only stops", e);
        }
        later.clear();
        disk.neverCrash();
        JournalFile.Opened next = open(disk, SMALL, Runnable::run);
        List<List<JournalRecord>> possible = new ArrayList<>();
        for (int part = 0; part <= inFlight.size(); part++) {
            List<JournalRecord> all = new ArrayList<>(acknowledged);
            all.addAll(inFlight.subList(0, part));
            possible.add(state(all));
        }
        assertThat(possible)
                .as("stopped after " + steps)
                .anySatisfy(
                        records -> assertThat(next.state().records(T)).containsExactlyInAnyOrderElementsOf(records));
        assertThat(next.state().trust()).as("stopped after " + steps).isNotEqualTo(JournalState.Trust.GAPS);
        return finished;
    }

    @Test
    void a_full_disk_fails_the_append_and_leaves_nothing_of_it() throws IOException {
        JournalFile file = open(NEVER).file();
        file.append(List.of(assigned(1)));
        byte[] before = disk.bytes(NAME);
        for (int room = 0; room < 75; room++) {
            disk.room(room);

            assertThatThrownBy(() -> file.append(List.of(assigned(2))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("No space left on device");
            assertThat(disk.bytes(NAME)).isEqualTo(before);
        }
        disk.room(Long.MAX_VALUE);
        file.append(List.of(assigned(3)));

        assertThat(open(NEVER).state().records(T)).isEqualTo(state(List.of(assigned(1), assigned(3))));
    }

    @Test
    void trying_a_full_disk_fails_and_changes_nothing() throws IOException {
        JournalFile file = open(NEVER).file();
        file.append(List.of(assigned(1)));
        byte[] before = disk.bytes(NAME);
        disk.room(4095);

        assertThatThrownBy(file::tryDisk).hasMessage("No space left on device");
        disk.room(4096);
        file.tryDisk();

        assertThat(disk.bytes(NAME)).isEqualTo(before);
        assertThat(disk.has(NAME + ".try")).isFalse();
    }

    @Test
    void a_file_that_takes_nothing_is_written_anew() throws IOException {
        JournalFile file = open(NEVER).file();
        file.append(List.of(assigned(1)));
        disk.breakFile(NAME);
        assertThatThrownBy(() -> file.append(List.of(assigned(2)))).hasMessage("Input/output error");
        file.tryDisk();
        disk.renameRefused = true;
        assertThatThrownBy(file::writeAnew).hasMessage("Read-only file system");
        assertThat(disk.has(NAME + RecordFile.NEW_SUFFIX)).isFalse();
        disk.renameRefused = false;

        assertThat(file.writeAnew()).isTrue();

        file.append(List.of(assigned(3)));
        assertThat(recordsIn(disk)).isEqualTo(state(List.of(assigned(1), assigned(3))));
    }

    @Test
    void what_cannot_be_deleted_does_not_hinder_that_it_is_written_anew(@TempDir Path directory) throws IOException {
        JournalDisk real = new DirectoryDisk(directory);
        try (JournalFile file = open(real, NEVER, Runnable::run).file()) {
            file.append(List.of(assigned(1)));
            for (String suffix : List.of(".new", ".try")) {
                Files.createDirectories(directory.resolve(NAME + suffix).resolve("something"));
            }

            file.tryDisk();
            assertThat(file.writeAnew()).isTrue();
        }
        assertThat(directory.resolve(NAME + ".new.unread").resolve("something")).isDirectory();
        assertThat(directory.resolve(NAME + ".try.unread").resolve("something")).isDirectory();
        assertThat(recordsIn(real)).isEqualTo(state(List.of(assigned(1))));
    }

    @Test
    void what_could_not_be_cut_off_is_cut_off_before_the_next_append() throws IOException {
        JournalFile file = open(NEVER).file();
        file.append(List.of(assigned(1)));
        disk.room(40);
        disk.truncateRefused = true;
        assertThatThrownBy(() -> file.append(List.of(assigned(2)))).isInstanceOf(IOException.class);
        disk.room(Long.MAX_VALUE);
        assertThatThrownBy(() -> file.append(List.of(assigned(2)))).hasMessage("Input/output error");
        disk.truncateRefused = false;

        file.append(List.of(assigned(3)));

        JournalFile.Opened next = open(NEVER);
        assertThat(next.findings()).isEmpty();
        assertThat(next.state().records(T)).isEqualTo(state(List.of(assigned(1), assigned(3))));
    }

    @Test
    void a_full_disk_hinders_no_start() throws IOException {
        open(NEVER).file().append(List.of(assigned(1)));
        disk.room(0);

        JournalFile.Opened opened = open(NEVER);

        assertThat(opened.state().records(T)).hasSize(1);
        assertThatThrownBy(() -> opened.file().append(List.of(assigned(2)))).isInstanceOf(IOException.class);
    }

    @Test
    void a_torn_tail_is_cut_counted_and_written_over() throws IOException {
        JournalFile file = open(NEVER).file();
        file.append(List.of(assigned(1)));
        file.append(List.of(assigned(2)));
        byte[] whole = disk.bytes(NAME);
        disk.put(NAME, java.util.Arrays.copyOf(whole, whole.length - 5));

        JournalFile.Opened opened = open(NEVER);
        opened.file().append(List.of(assigned(3)));

        assertThat(opened.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.TORN_TAIL));
        JournalFile.Opened next = open(NEVER);
        assertThat(next.findings()).isEmpty();
        assertThat(next.state().records(T)).isEqualTo(state(List.of(assigned(1), assigned(3))));
    }

    @Test
    void a_damaged_journal_is_written_anew_and_the_damaged_one_kept() throws IOException {
        byte[] damaged = damaged();

        JournalFile.Opened opened = open(NEVER);

        assertThat(opened.state().trust()).isEqualTo(JournalState.Trust.GAPS);
        assertThat(opened.state().records(T)).isEqualTo(state(List.of(assigned(1), assigned(3))));
        assertThat(disk.bytes(NAME + ".damaged")).isEqualTo(damaged);
        JournalFile.Opened next = open(NEVER);
        assertThat(next.findings()).isEmpty();
        assertThat(next.state().gapAt())
                .as("a start right after it still knows")
                .contains(T);
        assertThat(next.state().records(T)).isEqualTo(state(List.of(assigned(1), assigned(3))));
    }

    @Test
    void a_damaged_journal_on_a_full_disk_is_used_as_it_is() throws IOException {
        byte[] damaged = damaged();
        disk.room(20);

        JournalFile.Opened opened = open(NEVER);

        assertThat(disk.bytes(NAME)).isEqualTo(damaged);
        assertThat(disk.has(NAME + ".new")).isFalse();
        disk.room(Long.MAX_VALUE);
        opened.file().append(List.of(assigned(2)));
        assertThat(open(NEVER).state().assignments()).hasSize(3);
    }

    @Test
    void a_start_that_crashes_while_it_mends_a_damaged_journal_loses_nothing() throws IOException {
        byte[] damaged = damaged();
        for (int steps = 0; steps < 1000; steps++) {
            MemoryDisk copy = new MemoryDisk();
            copy.put(NAME, damaged);
            copy.crashAfter(steps);
            try {
                open(copy, NEVER, Runnable::run);
            } catch (MemoryDisk.Crash _) {
                // here the next life begins
            }
            copy.neverCrash();

            JournalState state = open(copy, NEVER, Runnable::run).state();

            assertThat(state.assignments()).as("after " + steps).hasSize(2);
            assertThat(state.trust() == JournalState.Trust.GAPS || state.gapAt().isPresent())
                    .as("after " + steps)
                    .isTrue();
        }
    }

    private byte[] damaged() throws IOException {
        open(NEVER).file().append(List.of(assigned(1), assigned(2), assigned(3)));
        String text = new String(disk.bytes(NAME), StandardCharsets.ISO_8859_1);
        byte[] damaged = text.replace("web-2", "wEb-2").getBytes(StandardCharsets.ISO_8859_1);
        disk.put(NAME, damaged);
        return damaged;
    }

    @Test
    void a_journal_of_a_later_version_is_put_aside_unread() throws IOException {
        byte[] later = withSum("vpc-eni-journal 2", "something else");
        disk.put(NAME, later);

        JournalFile.Opened opened = open(NEVER);
        opened.file().append(List.of(assigned(1)));

        assertThat(opened.state().trust()).isEqualTo(JournalState.Trust.GAPS);
        assertThat(disk.bytes(NAME + ".unread")).isEqualTo(later);
        assertThat(opened.findings().stream().map(Finding::text))
                .containsExactly(
                        "The journal has format 2 and this ipamd knows 1: it is renamed and not read, and the kernel"
                                + " and EC2 say what they know",
                        "The unread journal is kept as pool.journal.unread");
        assertThat(open(NEVER).state().assignments()).hasSize(1);
    }

    private static byte[] withSum(String first, String rest) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(first.getBytes(StandardCharsets.ISO_8859_1));
        return (first + " " + String.format("%08x", crc.getValue()) + "\n" + rest + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void an_unreadable_journal_is_put_aside_or_left_alone_but_never_overwritten() throws IOException {
        disk.put(NAME, new byte[] {1, 2, 3});
        disk.unreadable = true;
        disk.renameRefused = true;

        JournalFile.Opened opened = open(NEVER);

        assertThat(opened.findings()).hasSize(2);
        assertThatThrownBy(() -> opened.file().append(List.of(assigned(1)))).hasMessage("Read-only file system");
        assertThat(disk.bytes(NAME)).containsExactly(1, 2, 3);
        disk.renameRefused = false;
        opened.file().append(List.of(assigned(1)));
        assertThat(disk.bytes(NAME + ".unread")).containsExactly(1, 2, 3);
    }

    @Test
    void it_stays_small_however_long_it_is_written_to() throws IOException {
        JournalFile file = open(SMALL).file();
        long most = 0;
        for (List<JournalRecord> batch : history(5_000, 3)) {
            file.append(batch);
            most = Math.max(most, file.bytes());
        }

        assertThat(most).isLessThan(6_000);
        assertThat(open(NEVER).state().records(T))
                .containsExactlyInAnyOrderElementsOf(
                        state(history(5_000, 3).stream().flatMap(List::stream).toList()));
    }

    @Test
    void a_compaction_without_room_harms_nothing() throws IOException {
        Deque<Runnable> later = new ArrayDeque<>();
        JournalFile file = open(disk, SMALL, later::add).file();
        List<JournalRecord> all = new ArrayList<>();
        for (List<JournalRecord> batch : history(60, 5)) {
            file.append(batch);
            all.addAll(batch);
            if (!later.isEmpty()) {
                disk.room(10);
                later.poll().run();
                disk.room(Long.MAX_VALUE);
            }
        }

        assertThat(open(NEVER).state().records(T)).containsExactlyInAnyOrderElementsOf(state(all));
    }

    @Test
    void it_works_on_a_real_directory(@TempDir Path directory) throws IOException {
        JournalDisk real = new DirectoryDisk(directory);
        List<JournalRecord> all = new ArrayList<>();
        try (JournalFile file = open(real, SMALL, Runnable::run).file()) {
            for (List<JournalRecord> batch : history(200, 11)) {
                file.append(batch);
                all.addAll(batch);
            }
        }

        assertThat(open(real, SMALL, Runnable::run).state().records(T)).containsExactlyInAnyOrderElementsOf(state(all));
        assertThat(Files.getPosixFilePermissions(directory.resolve(NAME))).hasSize(2);
    }

    @Test
    void aJournalThatSomebodyDeletedIsWrittenAnewComplete(@TempDir Path directory) throws IOException {
        JournalDisk real = new DirectoryDisk(directory);
        List<JournalRecord> before = List.of(assigned(1), assigned(2), released(1));
        try (JournalFile file = open(real, NEVER, Runnable::run).file()) {
            file.append(before);
            assertThat(file.restoreIfLost()).isFalse();
            Files.delete(directory.resolve(NAME));
            file.append(List.of(assigned(3))); // goes to a file without a name

            assertThat(file.restoreIfLost()).isTrue();

            assertThat(file.restoreIfLost()).isFalse();
            file.append(List.of(assigned(4)));
        }
        assertThat(recordsIn(real)).containsExactlyInAnyOrderElementsOf(recordsOfAnUndisturbedOne(1, 2, 3, 4));
    }

    @Test
    void aJournalThatWasReplacedByAnotherFileIsWrittenAnew(@TempDir Path directory) throws IOException {
        JournalDisk real = new DirectoryDisk(directory);
        try (JournalFile file = open(real, NEVER, Runnable::run).file()) {
            file.append(List.of(assigned(1), assigned(2), released(1), assigned(3), assigned(4)));
            Files.delete(directory.resolve(NAME));
            Files.writeString(directory.resolve(NAME), "");

            assertThat(file.restoreIfLost()).isTrue();
        }
        assertThat(recordsIn(real)).containsExactlyInAnyOrderElementsOf(recordsOfAnUndisturbedOne(1, 2, 3, 4));
    }

    @Test
    void aJournalOfAnEarlierLifeThatIsDeletedBeforeTheFirstAppendIsWrittenAnew(@TempDir Path directory)
            throws IOException {
        JournalDisk real = new DirectoryDisk(directory);
        try (JournalFile file = open(real, NEVER, Runnable::run).file()) {
            file.append(List.of(assigned(1), assigned(2), released(1), assigned(3)));
        }
        try (JournalFile file = open(real, NEVER, Runnable::run).file()) {
            Files.delete(directory.resolve(NAME));

            assertThat(file.restoreIfLost()).isTrue();

            file.append(List.of(assigned(4)));
        }
        assertThat(recordsIn(real)).containsExactlyInAnyOrderElementsOf(recordsOfAnUndisturbedOne(1, 2, 3, 4));
    }

    @Test
    void aJournalThatIsDeletedWhileItIsCompactedIsWrittenAnew() throws IOException {
        Deque<Runnable> later = new ArrayDeque<>();
        try (JournalFile file = open(disk, SMALL, later::add).file()) {
            for (int number = 1; later.isEmpty(); number++) {
                file.append(List.of(assigned(number)));
            }
            disk.delete(NAME);
            assertThat(file.restoreIfLost()).as("while the compaction runs").isFalse();
            later.remove().run();
            disk.delete(NAME + RecordFile.NEW_SUFFIX);

            assertThat(file.restoreIfLost()).isTrue();
        }
        assertThat(recordsIn(disk)).isNotEmpty();
    }

    private static List<JournalRecord> recordsIn(JournalDisk disk) {
        return open(disk, NEVER, Runnable::run).state().records(T);
    }

    /// The first of them was released.
    private static List<JournalRecord> recordsOfAnUndisturbedOne(int... numbers) throws IOException {
        MemoryDisk undisturbed = new MemoryDisk();
        try (JournalFile file = open(undisturbed, NEVER, Runnable::run).file()) {
            for (int number : numbers) {
                file.append(List.of(assigned(number)));
            }
            file.append(List.of(released(numbers[0])));
        }
        return recordsIn(undisturbed);
    }

    @Test
    void aDirectoryInTheJournalsPlaceIsPutAsideOrRefusesTheAppends(@TempDir Path directory) throws IOException {
        JournalDisk real = new DirectoryDisk(directory);
        try (JournalFile file = open(real, NEVER, Runnable::run).file()) {
            file.append(List.of(assigned(1), assigned(2), released(1), assigned(3)));
            fillDirectory(directory.resolve(NAME + ".unread"));
            fillDirectory(directory.resolve(NAME + ".unread.2"));
            Files.delete(directory.resolve(NAME));
            fillDirectory(directory.resolve(NAME));

            assertThatThrownBy(file::restoreIfLost)
                    .isInstanceOf(FileAlreadyExistsException.class)
                    .hasMessageContaining("a directory has that name and cannot be renamed")
                    .hasMessageContaining("remove it");
            assertThatThrownBy(() -> file.append(List.of(assigned(5))))
                    .hasMessageContaining("a directory has that name and cannot be renamed");

            Files.delete(directory.resolve(NAME + ".unread.2").resolve("x"));

            assertThat(file.restoreIfLost()).isTrue();
            assertThat(directory.resolve(NAME + ".unread.2").resolve("x")).exists();
            file.append(List.of(assigned(4)));
        }
        assertThat(recordsIn(real)).containsExactlyInAnyOrderElementsOf(recordsOfAnUndisturbedOne(1, 2, 3, 4));
    }

    private static void fillDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("x"), "");
    }
}
