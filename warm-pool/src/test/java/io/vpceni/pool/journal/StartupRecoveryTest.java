package io.vpceni.pool.journal;

import static io.vpceni.pool.journal.JournalTextTest.address;
import static io.vpceni.pool.journal.JournalTextTest.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.AwsLinkName;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// One test for each row of the table in docs/journal.md, in its order.
class StartupRecoveryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration COOLDOWN = Duration.ofSeconds(30);
    private static final EniId ENI = new EniId("eni-1");
    private static final EniId PRIMARY = new EniId("eni-0");
    private static final PodName POD = new PodName("default", "web");
    private static final InetAddress A = address("10.0.0.5");
    private static final InetAddress B = address("10.0.0.6");

    private JournalState journal = new JournalState(JournalState.Trust.WHOLE);
    private final List<KernelPod> kernel = new ArrayList<>();
    private final Set<Cidr> listed = new HashSet<>();
    private final Map<InetAddress, String> foreign = new HashMap<>();
    private final List<CheckpointEntry> adopted = new ArrayList<>();

    private RecoveryPlan recover() {
        return StartupRecovery.of(
                new RecoverySources(journal, kernel, Map.of(ENI, listed), PRIMARY, foreign, adopted), COOLDOWN, NOW);
    }

    private void listed(InetAddress... addresses) {
        Arrays.stream(addresses).forEach(address -> listed.add(Cidr.containing(address, 32)));
    }

    private void journalSays(String container, InetAddress address) {
        journal.apply(new JournalRecord.Assigned(new Assignment(key(container), POD, address, ENI), NOW));
    }

    private void journalSays(String container, PodName pod, InetAddress address, Instant at) {
        journal.apply(new JournalRecord.Assigned(new Assignment(key(container), pod, address, ENI), at));
    }

    private void checkpointSays(String container, PodName pod, InetAddress address, Instant at) {
        adopted.add(new CheckpointEntry(key(container), pod, address, at));
    }

    /// As the AWS VPC CNI names a pod's host link.
    private static String link(PodName pod) {
        return AwsLinkName.of("eni", pod.namespace(), pod.name());
    }

    private void kernelHas(String container, InetAddress address) {
        kernel.add(new KernelPod(key(container), POD, address));
    }

    private static Message restored(AttachmentKey key, PodName pod, InetAddress address, EniId eni) {
        return new Message.Restored(new Assignment(key, pod, address, eni), Optional.empty());
    }

    /// Without the times, which have a test of their own.
    private static List<Message> timeless(RecoveryPlan settled) {
        return settled.messages().stream()
                .map(message -> message instanceof Message.Restored(Assignment who, var _, var _)
                        ? new Message.Restored(who, Optional.empty())
                        : message)
                .toList();
    }

    private static Message restored(String container, InetAddress address) {
        return restored(key(container), POD, address, ENI);
    }

    private static Message cooling(InetAddress address, int seconds) {
        return new Message.RestoredCooling(address, NOW.plusSeconds(seconds));
    }

    private static List<Finding.Kind> kinds(RecoveryPlan settled) {
        return settled.findings().stream().map(Finding::kind).toList();
    }

    @Test
    void row_1_all_agree() {
        journalSays("a", A);
        kernelHas("a", A);
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(settled.findings()).isEmpty();
        assertThat(settled.records()).isEmpty();
    }

    @Test
    void row_2_ec2_does_not_list_the_address_of_a_sandbox() {
        journalSays("a", A);
        kernelHas("a", A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.NOT_LISTED);
    }

    @Test
    void row_3_the_journal_is_silent_about_a_sandbox() {
        kernelHas("a", A);
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.NOT_IN_JOURNAL);
    }

    @Test
    void row_4_only_the_kernel_knows_the_address() {
        kernelHas("a", A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored(key("a"), POD, A, PRIMARY));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.NOT_IN_JOURNAL, Finding.Kind.NOT_LISTED);
    }

    @Test
    void row_5_the_sandbox_of_the_journal_is_gone() {
        journalSays("a", A);
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(cooling(A, 30));
        assertThat(settled.records()).containsExactly(new JournalRecord.Released(key("a"), A, NOW, NOW.plus(COOLDOWN)));
        assertThat(settled.findings())
                .containsExactly(new Finding(
                        Finding.Kind.SANDBOX_GONE,
                        "The journal gives 10.0.0.5 to default/web (sandbox a), which the kernel does not have;"
                                + " it cools until 2026-01-01T00:00:30Z"));
    }

    @Test
    void row_6_the_sandbox_of_the_journal_is_gone_and_another_has_the_address() {
        journalSays("a", A);
        kernelHas("b", A);
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("b", A));
        assertThat(settled.records()).containsExactly(new JournalRecord.Released(key("a"), A, NOW, NOW));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.NOT_IN_JOURNAL, Finding.Kind.SANDBOX_GONE);
    }

    @Test
    void row_7_the_sandbox_has_another_address_than_the_journal_says() {
        journalSays("a", A);
        kernelHas("a", B);
        listed(A, B);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(cooling(A, 30), restored("a", B));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.OTHER_ADDRESS, Finding.Kind.SANDBOX_GONE);
    }

    @Test
    void row_8_two_sandboxes_have_one_address_and_the_journals_latest_comes_first() {
        journalSays("b", A);
        journalSays("a", A);
        kernelHas("b", A);
        kernelHas("a", A);
        listed(A);

        assertThat(timeless(recover())).containsExactly(restored("a", A), restored("b", A));
        assertThat(kinds(recover())).contains(Finding.Kind.TWO_HOLDERS);

        journal.apply(new JournalRecord.Disputed(A, ENI, Optional.of(key("a")), NOW));

        assertThat(timeless(recover()))
                .as("who was disputed stays so")
                .containsExactly(restored("b", A), restored("a", A));
    }

    @Test
    void row_9_a_second_link_of_a_sandbox_holds_its_address() {
        kernelHas("a", A);
        kernelHas("a", B);
        listed(A, B);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled))
                .containsExactly(restored("a", A), restored(KernelPod.foreignKey(B), PodName.UNKNOWN, B, ENI));
        assertThat(kinds(settled)).contains(Finding.Kind.TWO_HOLDERS);
    }

    @Test
    void row_11_cooling_goes_on() {
        journal.apply(new JournalRecord.Released(key("a"), A, NOW.minusSeconds(20), NOW.plusSeconds(10)));
        journal.apply(new JournalRecord.Released(key("b"), B, NOW.minusSeconds(30), NOW));
        listed(A, B);

        assertThat(timeless(recover())).containsExactly(cooling(A, 10));
    }

    @Test
    void row_12_a_held_address_does_not_cool() {
        journal.apply(new JournalRecord.Released(key("a"), A, NOW, NOW.plusSeconds(10)));
        kernelHas("a", A);
        listed(A);

        assertThat(timeless(recover())).containsExactly(restored("a", A));
    }

    @Test
    void row_13_tombstones_live_on_beside_everything_else() {
        journal.apply(new JournalRecord.DelSeen(key("a"), 7, NOW.plusSeconds(1)));
        journal.apply(new JournalRecord.DelSeen(key("b"), 8, NOW));
        kernelHas("a", A);
        listed(A);

        assertThat(timeless(recover()))
                .containsExactly(new Message.RestoredTombstone(key("a"), 7, NOW.plusSeconds(1)), restored("a", A));
    }

    @Test
    void row_14_and_15_what_left_or_was_to_leave_is_doubted_for_a_while() {
        Cidr going = Cidr.parse("10.0.0.16/28");
        Cidr gone = Cidr.parse("10.0.0.7/32");
        Cidr longGone = Cidr.parse("10.0.0.8/32");
        journal.apply(new JournalRecord.Leaving(ENI, going, NOW.minusSeconds(5)));
        journal.apply(new JournalRecord.Unassigned(ENI, gone, NOW.minusSeconds(9)));
        journal.apply(new JournalRecord.Unassigned(ENI, longGone, NOW.minus(JournalState.UNASSIGNED_KEPT)));
        listed.add(going);

        assertThat(timeless(recover()))
                .containsExactly(
                        new Message.RestoredUnassign(ENI, gone, NOW.minusSeconds(9)),
                        new Message.RestoredUnassign(ENI, going, NOW));
    }

    @Test
    void row_16_what_a_sandbox_holds_does_not_leave() {
        Cidr block = Cidr.parse("10.0.0.0/28");
        journal.apply(new JournalRecord.Leaving(ENI, block, NOW));
        kernelHas("a", A);
        listed.add(block);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(settled.records()).containsExactly(new JournalRecord.UnassignFailed(ENI, block, NOW));
        assertThat(kinds(settled)).contains(Finding.Kind.STILL_HELD);
    }

    @Test
    void row_17_a_disputed_address_that_nobody_has_is_doubted_when_ec2_lists_it() {
        journal.apply(new JournalRecord.Disputed(A, ENI, Optional.empty(), NOW));
        journal.apply(new JournalRecord.Disputed(B, ENI, Optional.empty(), NOW));
        listed(A);

        assertThat(timeless(recover())).containsExactly(new Message.RestoredUnassign(ENI, Cidr.containing(A, 32), NOW));
    }

    @Test
    void row_18_a_foreign_pods_address_is_not_given_out() {
        foreign.put(A, link(POD));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored(KernelPod.foreignKey(A), PodName.UNKNOWN, A, ENI));
        assertThat(settled.foreignHolders()).containsEntry(A, KernelPod.foreignKey(A));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.FOREIGN);
    }

    @Test
    void row_19_a_pod_of_the_checkpoint_that_runs_keeps_its_address() {
        journal = new JournalState(JournalState.Trust.ABSENT);
        adopted.add(new CheckpointEntry(key("a"), POD, A, NOW));
        foreign.put(A, link(POD));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(settled.foreignHolders()).containsEntry(A, key("a"));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.ADOPTED);
    }

    @Test
    void row_20_an_adopted_pod_is_known_at_the_next_start_from_the_journal() {
        journalSays("a", A);
        foreign.put(A, link(POD));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(settled.foreignHolders()).containsEntry(A, key("a"));
        assertThat(settled.records()).isEmpty();
    }

    @Test
    void row_21_22_and_23_a_pod_of_the_checkpoint_that_does_not_run() {
        journal = new JournalState(JournalState.Trust.ABSENT);
        InetAddress unknown = address("10.9.9.9");
        InetAddress taken = address("10.0.0.7");
        adopted.add(new CheckpointEntry(key("gone"), POD, A, NOW));
        adopted.add(new CheckpointEntry(key("unknown"), POD, unknown, NOW));
        adopted.add(new CheckpointEntry(key("older"), POD, taken, NOW));
        adopted.add(new CheckpointEntry(key("newer"), POD, taken, NOW));
        foreign.put(taken, link(POD));
        listed(A, taken);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(cooling(A, 30), restored("newer", taken));
        assertThat(settled.findings().stream()
                        .filter(finding -> finding.kind() == Finding.Kind.NOT_ADOPTED)
                        .map(finding -> finding.text().substring(finding.text().indexOf(';') + 2)))
                .containsExactly(
                        "it cools first", "EC2 does not list it either, so it is forgotten", "another pod has it now");
    }

    @Test
    void row_24_with_gaps_all_that_nobody_has_rests_and_is_doubted() {
        journal = new JournalState(JournalState.Trust.GAPS);
        Cidr prefix = Cidr.parse("10.0.0.16/28");
        Cidr v6 = Cidr.parse("fd00::/80");
        kernelHas("a", A);
        kernelHas("b", address("10.0.0.17"));
        listed(A, B);
        listed.add(prefix);
        listed.add(v6);

        List<Message> messages = recover().messages();

        assertThat(messages)
                .contains(
                        new Message.RestoredUnassign(ENI, Cidr.containing(B, 32), NOW),
                        new Message.RestoredUnassign(ENI, v6, NOW),
                        cooling(B, 30),
                        cooling(address("10.0.0.16"), 30),
                        cooling(address("10.0.0.31"), 30),
                        restored("a", A));
        assertThat(messages).hasSize(2 + 1 + 15 + 2);
    }

    @Test
    void row_24_a_gap_of_the_start_before_still_counts_for_two_minutes() {
        listed(A);
        journal.noteGap(NOW.minus(JournalState.GAP_KEPT).plusNanos(1));

        assertThat(timeless(recover())).hasSize(2);

        journal.noteGap(NOW.minus(JournalState.GAP_KEPT));

        assertThat(timeless(recover())).isEmpty();
    }

    @Test
    void row_25_without_a_journal_pods_of_ours_mean_gaps_and_a_bare_node_means_none() {
        journal = new JournalState(JournalState.Trust.ABSENT);
        listed(A, B);

        assertThat(timeless(recover())).isEmpty();

        kernelHas("a", A);

        assertThat(timeless(recover())).hasSize(3);
        assertThat(kinds(recover())).contains(Finding.Kind.JOURNAL_MISSING);
    }

    /// AWS gave the address of a pod that went to a new one of the same name.
    @Test
    void row_26_the_checkpoint_is_newer_than_the_journal() {
        journalSays("old", POD, A, NOW.minusSeconds(100));
        checkpointSays("new", POD, A, NOW.minusSeconds(50));
        foreign.put(A, link(POD));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("new", A));
        assertThat(settled.foreignHolders()).containsEntry(A, key("new"));
        assertThat(settled.records()).containsExactly(new JournalRecord.Released(key("old"), A, NOW, NOW));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.ADOPTED, Finding.Kind.SANDBOX_GONE);
    }

    @Test
    void row_27_the_journal_is_newer_than_the_checkpoint() {
        checkpointSays("old", POD, A, NOW.minusSeconds(100));
        journalSays("new", POD, A, NOW.minusSeconds(50));
        foreign.put(A, link(POD));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("new", A));
        assertThat(settled.records()).isEmpty();
        assertThat(settled.findings()).as("the entry is old").isEmpty();
    }

    @Test
    void row_28_the_link_tells_whose_the_address_is_whatever_the_times_say() {
        PodName other = new PodName("default", "other");
        journalSays("a", POD, A, NOW.minusSeconds(100));
        checkpointSays("b", other, A, NOW.minusSeconds(50));
        listed(A);

        foreign.put(A, link(POD));
        assertThat(timeless(recover())).containsExactly(restored("a", A));

        foreign.put(A, link(other));
        assertThat(timeless(recover())).containsExactly(restored(key("b"), other, A, ENI));

        adopted.clear();
        checkpointSays("b", other, A, NOW.minusSeconds(200));
        assertThat(timeless(recover())).containsExactly(restored(key("b"), other, A, ENI));

        foreign.put(A, "cali0");
        assertThat(timeless(recover()))
                .as("no name that tells a pod: the later one")
                .containsExactly(restored("a", A));
    }

    @Test
    void row_29_a_link_that_is_named_for_another_pod_contradicts_every_claim() {
        PodName other = new PodName("default", "other");
        journalSays("a", POD, A, NOW.minusSeconds(100));
        checkpointSays("b", POD, A, NOW.minusSeconds(50));
        foreign.put(A, link(other));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored(KernelPod.foreignKey(A), PodName.UNKNOWN, A, ENI));
        assertThat(settled.records())
                .as("its DEL must not take the address from the pod that runs")
                .containsExactly(new JournalRecord.Released(key("a"), A, NOW, NOW));
        assertThat(kinds(settled))
                .containsExactly(Finding.Kind.FOREIGN, Finding.Kind.NOT_ADOPTED, Finding.Kind.SANDBOX_GONE);
    }

    @Test
    void row_30_a_link_of_ours_stands_against_an_entry_of_the_checkpoint_that_no_route_supports() {
        kernelHas("a", A);
        journalSays("a", POD, A, NOW.minusSeconds(100));
        checkpointSays("b", new PodName("default", "other"), A, NOW.minusSeconds(50));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(settled.findings())
                .extracting(Finding::text)
                .containsExactly("The checkpoint gives 10.0.0.5 to default/other (sandbox b), which the kernel does not"
                        + " have; another pod has it now");
    }

    /// The AWS VPC CNI lent the address of a pod that it had dropped.
    @Test
    void row_31_an_address_that_was_given_a_second_time_is_first_of_whom_the_route_leads_to() {
        PodName other = new PodName("default", "other");
        kernelHas("a", A);
        journalSays("a", POD, A, NOW.minusSeconds(100));
        checkpointSays("b", other, A, NOW.minusSeconds(50));
        foreign.put(A, link(other));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored(key("b"), other, A, ENI), restored("a", A));
        assertThat(kinds(settled)).containsExactly(Finding.Kind.ADOPTED, Finding.Kind.TWO_HOLDERS);
    }

    @Test
    void row_32_what_was_released_after_the_checkpoint_was_written_stays_released() {
        checkpointSays("a", POD, A, NOW.minusSeconds(100));
        journal.apply(new JournalRecord.Released(key("a"), A, NOW.minusSeconds(60), NOW.minusSeconds(30)));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).isEmpty();
        assertThat(settled.findings()).isEmpty();
    }

    @Test
    void row_33_a_pod_of_ours_that_the_checkpoint_knows_too_is_one_pod() {
        kernelHas("a", A);
        journalSays("a", POD, A, NOW.minusSeconds(100));
        checkpointSays("a", POD, A, NOW.minusSeconds(50));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(settled.findings()).isEmpty();
    }

    @Test
    void row_34_pods_with_ipv6_addresses_are_named_and_not_taken_over() {
        checkpointSays("a", POD, address("fd00::1"), NOW.minusSeconds(50));
        listed.add(Cidr.parse("fd00::/80"));

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).isEmpty();
        assertThat(settled.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .contains("gives fd00:0:0:0:0:0:0:1 to default/web (sandbox a)")
                        .contains("IPv6 addresses are not taken over"));
    }

    /// As an earlier life kept it that did not read the checkpoint.
    @Test
    void an_address_that_was_kept_for_an_unknown_pod_goes_to_the_pod_of_the_checkpoint() {
        checkpointSays("a", POD, A, NOW.minusSeconds(50));
        journal.apply(new JournalRecord.Assigned(
                new Assignment(KernelPod.foreignKey(A), PodName.UNKNOWN, A, ENI), NOW.minusSeconds(10)));
        foreign.put(A, link(POD));
        listed(A);

        RecoveryPlan settled = recover();

        assertThat(timeless(settled)).containsExactly(restored("a", A));
        assertThat(settled.records()).containsExactly(new JournalRecord.Released(KernelPod.foreignKey(A), A, NOW, NOW));
    }

    @Test
    void an_adopted_pod_without_a_name_in_the_journal_is_judged_by_the_checkpoints() {
        PodName other = new PodName("default", "other");
        journalSays("a", PodName.UNKNOWN, A, NOW.minusSeconds(10));
        checkpointSays("a", POD, A, NOW.minusSeconds(50));
        listed(A);

        foreign.put(A, link(POD));
        assertThat(timeless(recover())).containsExactly(restored("a", A));

        foreign.put(A, link(other));
        assertThat(timeless(recover())).containsExactly(restored(KernelPod.foreignKey(A), PodName.UNKNOWN, A, ENI));
    }

    @Test
    void unassigned_blocks_cooling_tombstones_and_holders_come_in_that_order() {
        journal.apply(new JournalRecord.DelSeen(key("z"), 7, NOW.plusSeconds(1)));
        journalSays("a", A);
        journalSays("gone", B);
        kernelHas("a", A);
        journal.apply(new JournalRecord.Unassigned(ENI, Cidr.parse("10.0.0.7/32"), NOW));
        listed(A, B);

        assertThat(recover().messages().stream()
                        .map(message -> message.getClass().getSimpleName()))
                .containsExactly("RestoredUnassign", "RestoredCooling", "RestoredTombstone", "Restored");
    }

    @Test
    void who_has_an_address_has_it_since_the_add_whichever_ipamd_served_that() {
        Instant added = NOW.minus(Duration.ofDays(3));
        Instant byAws = NOW.minus(Duration.ofDays(9));
        journal.apply(new JournalRecord.Assigned(
                new Assignment(key("a"), POD, A, ENI), NOW.minusSeconds(60), Optional.of(added)));
        kernelHas("a", A);
        kernelHas("b", B);
        checkpointSays("c", new PodName("default", "other"), address("10.0.0.7"), byAws);
        foreign.put(address("10.0.0.7"), link(new PodName("default", "other")));
        listed(A, B, address("10.0.0.7"));

        assertThat(recover().messages())
                .containsExactly(
                        new Message.Restored(new Assignment(key("a"), POD, A, ENI), Optional.of(added)),
                        new Message.Restored(new Assignment(key("b"), POD, B, ENI), Optional.empty()),
                        new Message.Restored(
                                new Assignment(key("c"), new PodName("default", "other"), address("10.0.0.7"), ENI),
                                Optional.of(byAws)));
    }
}
