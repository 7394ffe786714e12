package io.vpceni.pool.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.Journal;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolLoopTest implements Journal, PoolLoop.Reports {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final PodName POD = new PodName("shop", "cart-0");

    /// What happened, in order.
    private final List<String> story = new ArrayList<>();

    private final List<Effect.Request> asked = new ArrayList<>();
    private boolean diskFull;
    private boolean fileBroken;
    private boolean compacting;
    private boolean immutable;
    private int tried;

    @Test
    void anAddIsAnsweredAfterItsRecordIsWritten() {
        PoolLoop loop = aLoop(2);

        add(loop, 1, "a");

        assertThat(story).containsSubsequence("written", "1: Assigned 10.0.1.5");
    }

    @Test
    void whenTheJournalFailsTheAddIsRefusedAndItsAddressIsFree() {
        PoolLoop loop = aLoop(1);
        diskFull = true;

        add(loop, 1, "a");
        diskFull = false;
        add(loop, 2, "b");

        assertThat(story)
                .containsSubsequence(
                        "unwritten",
                        "1: NoAddress the journal cannot be written: no space left",
                        "written",
                        "2: Assigned 10.0.1.5");
    }

    /// Nobody asks for an address of a node that is not ready, so nothing else would find out either way.
    @Test
    void aDiskThatIsFullIsFoundWithoutAnAddAndSoIsItsEnd() {
        PoolLoop loop = aLoop(1);
        add(loop, 1, "a");
        story.clear();

        diskFull = true;
        loop.tend(NOW.plusSeconds(1));
        assertThat(story).as("what was written a moment ago is not tried").isEmpty();
        loop.tend(NOW.plusSeconds(5));
        loop.tend(NOW.plusSeconds(6));
        diskFull = false;
        loop.tend(NOW.plusSeconds(7));
        loop.tend(NOW.plusSeconds(8));

        assertThat(story).containsExactly("unwritable", "unwritable", "written");
        assertThat(tried).isEqualTo(3);
    }

    @Test
    void aFileThatRefusesStaysUnwritableThoughItsDiskTakesOthersUntilItIsWrittenAnew() {
        PoolLoop loop = aLoop(1);
        fileBroken = true;
        immutable = true;
        add(loop, 1, "a");
        story.clear();

        loop.tend(NOW.plusSeconds(1));
        assertThat(story).containsExactly("unwritable");
        immutable = false;
        compacting = true;
        loop.tend(NOW.plusSeconds(2));
        assertThat(story).containsExactly("unwritable");
        compacting = false;
        loop.tend(NOW.plusSeconds(3));
        add(loop, 2, "b");

        assertThat(story).containsExactly("unwritable", "written", "written", "2: Assigned 10.0.1.5");
    }

    @Test
    void whenTheJournalFailsEveryAddThatWaitsIsRefusedOnce() {
        PoolLoop loop = aLoop(0);
        add(loop, 1, "a");
        add(loop, 2, "a");
        add(loop, 3, "b");
        diskFull = true;

        loop.take(new Message.BlocksAdded(asked.getFirst().request(), ENI, blocks(1)), NOW);

        assertThat(story.stream().filter(line -> line.contains("NoAddress")))
                .map(line -> line.substring(0, 1))
                .containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void aDelGoesOnWhenTheJournalFails() {
        PoolLoop loop = aLoop(1);
        add(loop, 1, "a");
        diskFull = true;

        loop.whoHolds(2, key("a"), held -> story.add("2: " + held.map(Assignment::address)), NOW);
        loop.take(new Message.Release(key("a")), NOW);

        assertThat(story).contains("2: Optional[/10.0.1.5]");
        assertThat(loop.snapshot(NOW).enis().getFirst().cooling()).isEqualTo(1);
    }

    @Test
    void whoWaitsAtTheEndIsAnswered() {
        PoolLoop loop = aLoop(0);
        add(loop, 1, "a");

        loop.end(new AssignResult.NoAddress("the end"));

        assertThat(story).endsWith("1: NoAddress the end");
    }

    private void add(PoolLoop loop, long ticket, String container) {
        loop.assign(
                ticket,
                key(container),
                POD,
                NOW.plusSeconds(30),
                result -> story.add(ticket + ": " + told(result)),
                NOW);
    }

    private static String told(AssignResult result) {
        return switch (result) {
            case AssignResult.Assigned(Assignment assignment) ->
                "Assigned " + assignment.address().getHostAddress();
            case AssignResult.AlreadyAssigned(Assignment assignment) ->
                "AlreadyAssigned " + assignment.address().getHostAddress();
            case AssignResult.NoAddress(String reason, boolean _) -> "NoAddress " + reason;
            case AssignResult.Cancelled() -> "Cancelled";
        };
    }

    private PoolLoop aLoop(int addresses) {
        WarmPool pool = new WarmPool(new PoolSettings(1, 0, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 4));
        pool.handle(new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 3), blocks(addresses)), NOW);
        return new PoolLoop(pool, this, (request, _) -> asked.add(request), this);
    }

    private static List<Cidr> blocks(int count) {
        return java.util.stream.IntStream.range(5, 5 + count)
                .mapToObj(last -> Cidr.containing(InetAddress.ofLiteral("10.0.1." + last), 32))
                .toList();
    }

    private static AttachmentKey key(String container) {
        return new AttachmentKey("vpc-eni", container, "eth0");
    }

    @Override
    public void append(List<JournalRecord> records) throws IOException {
        if (diskFull || fileBroken) {
            throw new IOException("no space left");
        }
    }

    @Override
    public boolean writeAnew() throws IOException {
        if (immutable) {
            throw new IOException("Operation not permitted");
        }
        fileBroken &= compacting;
        return !compacting;
    }

    @Override
    public void tryDisk() throws IOException {
        tried++;
        if (diskFull) {
            throw new IOException("no space left");
        }
    }

    @Override
    public void unwritable(IOException cause, Instant now) {
        story.add("unwritable");
    }

    @Override
    public void noticed(PoolNotice notice) {
        story.add("noticed " + notice.kind());
    }

    @Override
    public void unwritten(IOException cause, Instant now) {
        story.add("unwritten");
    }

    @Override
    public void written(Instant now) {
        story.add("written");
    }
}
