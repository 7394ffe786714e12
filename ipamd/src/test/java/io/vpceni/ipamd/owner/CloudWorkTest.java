package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.AttachedEni;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CloudWorkTest implements NodeCloud, CloudWork.Links, CloudWork.Sandboxes {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final EniId OTHER = new EniId("eni-0123456789abcdef1");
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.1.5");
    private static final Cidr BLOCK = Cidr.containing(ADDRESS, 32);

    private static final AttachmentKey KEY = new AttachmentKey("vpc-eni", "a", "eth0");

    private final CloudWork work = new CloudWork(this, this, this, new NodeLimits(3, 10));
    private final List<String> story = new ArrayList<>();
    private final Set<EniId> setUp = new HashSet<>(Set.of(ENI));
    private List<AttachedEni> listed = List.of(anEni(ENI, 0));
    private boolean linksMissing;
    private boolean kernelSilent;

    @Test
    void blocksThatEc2AssignedAreTheOutcome() throws InterruptedException {
        assertThat(work.carryOut(new Effect.AssignBlocks(7, ENI, BlockKind.ADDRESS, 1), NOW))
                .isEqualTo(new Message.BlocksAdded(7, ENI, List.of(BLOCK)));
    }

    @Test
    void anEniWithoutALinkIsTriedAgainBeforeAnotherOneIsMade() throws InterruptedException {
        linksMissing = true;
        assertThat(work.carryOut(new Effect.AddEni(1, 0, BlockKind.ADDRESS, 3), NOW))
                .isEqualTo(new Message.RequestFailed(1, GrowthObstacle.OTHER, "no link"));
        linksMissing = false;

        Message outcome = work.carryOut(new Effect.AddEni(2, 0, BlockKind.ADDRESS, 3), NOW);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Message.EniReady.class,
                        ready -> assertThat(ready.request()).isEqualTo(2));
        assertThat(story).containsExactly("add", "set up", "set up");
    }

    @Test
    void evidenceIsWhatEc2ListsAndWhatTheKernelHolds() throws InterruptedException {
        assertThat(work.carryOut(new Effect.Verify(3, ENI), NOW))
                .isEqualTo(new Message.Verified(3, new Evidence(NOW, true, Set.of(BLOCK), Set.of(ADDRESS))));
        assertThat(story).isEmpty();
    }

    @Test
    void aLookThatLacksAnEniTakesNothingDown() throws InterruptedException {
        assertThat(work.carryOut(new Effect.Verify(3, OTHER), NOW))
                .isEqualTo(new Message.Verified(3, new Evidence(NOW, false, Set.of(), Set.of(ADDRESS))));
        assertThat(story).isEmpty();
    }

    @Test
    void withoutTheKernelThereIsNoEvidence() throws InterruptedException {
        kernelSilent = true;

        assertThat(work.carryOut(new Effect.Verify(3, ENI), NOW))
                .isEqualTo(new Message.RequestFailed(3, GrowthObstacle.OTHER, "no answer"));
    }

    @Test
    void blocksAndEnisGoBack() throws InterruptedException {
        assertThat(work.carryOut(new Effect.Unassign(4, ENI, List.of(BLOCK)), NOW))
                .isEqualTo(new Message.Unassigned(4));
        assertThat(work.carryOut(new Effect.RemoveEni(5, OTHER), NOW)).isEqualTo(new Message.EniRemoved(5));
        assertThat(story).containsExactly("unassign [10.0.1.5/32]", "remove " + OTHER, "take down " + OTHER);
    }

    @Test
    void aLookAtEc2SetsUpTheLinksOfEnisThatHadNone() throws IOException, InterruptedException {
        listed = List.of(anEni(ENI, 0), anEni(OTHER, 1));

        List<Message> messages = work.lookAtEc2(NOW);

        assertThat(messages)
                .containsExactly(
                        new Message.EniReady(0, work.asPoolEni(anEni(OTHER, 1)), List.of(BLOCK)),
                        new Message.Ec2View(NOW, Map.of(ENI, Set.of(BLOCK), OTHER, Set.of(BLOCK))));
        assertThat(work.lookAtEc2(NOW)).hasSize(1);
    }

    @Test
    void anEniWhoseLinkDoesNotComeIsTriedAgainAtTheNextLook() throws IOException, InterruptedException {
        listed = List.of(anEni(ENI, 0), anEni(OTHER, 1));
        linksMissing = true;

        assertThat(work.lookAtEc2(NOW)).singleElement().isInstanceOf(Message.Ec2View.class);
        linksMissing = false;
        assertThat(work.lookAtEc2(NOW)).hasSize(2);
    }

    @Test
    void anEniThatWasRemovedIsNotSetUpAgainThoughEc2StillListsIt() throws IOException, InterruptedException {
        listed = List.of(anEni(ENI, 0), anEni(OTHER, 1));
        setUp.add(OTHER);
        assertThat(work.carryOut(new Effect.RemoveEni(5, OTHER), NOW)).isEqualTo(new Message.EniRemoved(5));

        assertThat(work.lookAtEc2(NOW)).singleElement().isInstanceOf(Message.Ec2View.class);
        assertThat(story).doesNotContain("set up");
    }

    @Test
    void aLookAtTheKernelTellsWhoHasWhat() throws IOException, InterruptedException {
        assertThat(work.lookAtKernel(NOW)).isEqualTo(new Message.KernelView(NOW, Map.of(ADDRESS, KEY)));
    }

    @Override
    public List<Cidr> assign(EniId eni, BlockKind kind, int count) {
        return List.of(BLOCK);
    }

    @Override
    public AttachedEni add(int networkCard, BlockKind kind, int count) {
        story.add("add");
        return anEni(OTHER, 1);
    }

    private static AttachedEni anEni(EniId id, int device) {
        return new AttachedEni(
                id,
                MacAddress.parse("02:00:00:00:00:01"),
                0,
                device,
                device == 0,
                EniRole.PODS,
                InetAddress.ofLiteral("10.0.1.9"),
                List.of(BLOCK),
                Cidr.parse("10.0.1.0/24"));
    }

    @Override
    public void unassign(EniId eni, List<Cidr> blocks) {
        story.add("unassign " + blocks);
    }

    @Override
    public void remove(EniId eni) {
        story.add("remove " + eni);
    }

    @Override
    public void sweepUnattached() {
        story.add("sweep");
    }

    @Override
    public List<AttachedEni> view() {
        return listed;
    }

    @Override
    public void setUp(AttachedEni eni) throws IOException {
        story.add("set up");
        if (linksMissing) {
            throw new IOException("no link");
        }
        setUp.add(eni.id());
    }

    @Override
    public boolean isSetUp(EniId eni) {
        return setUp.contains(eni);
    }

    @Override
    public void takeDown(EniId eni) {
        story.add("take down " + eni);
        setUp.remove(eni);
    }

    @Override
    public Map<InetAddress, AttachmentKey> held() throws IOException {
        if (kernelSilent) {
            throw new IOException("no answer");
        }
        return Map.of(ADDRESS, KEY);
    }
}
