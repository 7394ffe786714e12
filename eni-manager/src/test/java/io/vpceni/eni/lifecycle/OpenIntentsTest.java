package io.vpceni.eni.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenIntentsTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final EniId ENI = new EniId("eni-0a");
    private static final EniId OTHER = new EniId("eni-0b");
    private static final Intent CREATING =
            new Intent.Creating(new ClientToken("t"), new SubnetId("subnet-0a"), new DeviceSlot(0, 1), T);
    private static final Intent ATTACHING = new Intent.Attaching(new ClientToken("t"), ENI, T);
    private static final Intent SECURING =
            new Intent.SettingDeleteOnTermination(new ClientToken("t"), ENI, new AttachmentId("eni-attach-1"), T);
    private static final Intent UNDOING = new Intent.Undoing(new ClientToken("t"), ENI, T);
    private static final Intent DETACHING = new Intent.Detaching(OTHER, new AttachmentId("eni-attach-2"), T);
    private static final Intent DELETING = new Intent.Deleting(OTHER, T);

    @Test
    void a_birth_is_where_its_last_intent_says() {
        assertThat(open(CREATING)).containsExactly(CREATING);
        assertThat(open(CREATING, ATTACHING)).containsExactly(ATTACHING);
        assertThat(open(CREATING, ATTACHING, SECURING)).containsExactly(SECURING);
        assertThat(open(CREATING, ATTACHING, UNDOING)).containsExactly(UNDOING);
    }

    @Test
    void a_birth_ends_with_an_eni_or_without_one() {
        assertThat(open(CREATING, ATTACHING, SECURING, new Intent.Added(new ClientToken("t"), ENI, T)))
                .isEmpty();
        assertThat(open(CREATING, new Intent.Undone(new ClientToken("t"), T))).isEmpty();
        assertThat(open(CREATING, ATTACHING, UNDOING, new Intent.Undone(new ClientToken("t"), T)))
                .isEmpty();
    }

    @Test
    void a_removal_is_where_its_last_intent_says_and_ends_with_the_eni_gone_or_kept() {
        assertThat(open(DETACHING)).containsExactly(DETACHING);
        assertThat(open(DETACHING, DELETING)).containsExactly(DELETING);
        assertThat(open(DETACHING, DELETING, new Intent.Deleted(OTHER, T))).isEmpty();
        assertThat(open(DETACHING, new Intent.Kept(OTHER, T))).isEmpty();
    }

    @Test
    void works_are_told_apart_and_listed_in_the_order_in_which_they_were_begun() {
        Intent second = new Intent.Creating(new ClientToken("t2"), new SubnetId("subnet-0a"), new DeviceSlot(0, 2), T);

        assertThat(open(CREATING, DETACHING, second, ATTACHING)).containsExactly(ATTACHING, DETACHING, second);
    }

    @Test
    void an_end_without_a_beginning_says_nothing() {
        assertThat(open(new Intent.Added(new ClientToken("t"), ENI, T), new Intent.Deleted(OTHER, T)))
                .isEmpty();
    }

    @Test
    void beyond_the_bound_the_oldest_is_forgotten() {
        OpenIntents open = new OpenIntents();
        for (int i = 0; i <= OpenIntents.COUNT_MAX; i++) {
            open.apply(
                    new Intent.Creating(new ClientToken("t" + i), new SubnetId("subnet-0a"), new DeviceSlot(0, 1), T));
        }

        assertThat(open.count()).isEqualTo(OpenIntents.COUNT_MAX);
        assertThat(open.list().getFirst())
                .isEqualTo(
                        new Intent.Creating(new ClientToken("t1"), new SubnetId("subnet-0a"), new DeviceSlot(0, 1), T));
    }

    private static List<Intent> open(Intent... intents) {
        OpenIntents open = new OpenIntents();
        List.of(intents).forEach(open::apply);
        return open.list();
    }
}
