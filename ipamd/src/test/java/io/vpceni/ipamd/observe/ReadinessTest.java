package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.DeviceSlot;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.PoolSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");

    private final Readiness readiness = new Readiness();

    @Test
    void a_full_node_is_ready_and_says_in_numbers_that_it_is_full() {
        serving();

        assertThat(readiness.verdict(pool(9, 9, 0, 0, "")))
                .isEqualTo(new Readiness.Verdict(true, "full: 9 of 9 addresses are with pods"));
        assertThat(readiness.verdict(pool(9, 7, 2, 0, "the subnet has no room")))
                .isEqualTo(new Readiness.Verdict(
                        true,
                        "full: 7 of 9 addresses are with pods, 2 cooling; the pool cannot grow: the subnet has no"
                                + " room"));
        assertThat(readiness.verdict(pool(9, 7, 0, 2, "")))
                .isEqualTo(new Readiness.Verdict(true, "2 addresses can be given out; 7 of 9 addresses are with pods"));
    }

    @Test
    void a_node_that_never_had_an_address_to_give_is_not_ready() {
        readiness.started();

        assertThat(readiness.verdict(pool(0, 0, 0, 0, "EC2 refuses")))
                .isEqualTo(new Readiness.Verdict(
                        false, "no address can be given out yet; the pool cannot grow: EC2 refuses"));
    }

    @Test
    void while_the_journal_cannot_be_written_it_is_not_ready() {
        serving();
        readiness.unwritable("the journal /run/vpc-eni/pool.journal cannot be written");

        assertThat(readiness.verdict(pool(9, 0, 0, 9, "")))
                .isEqualTo(new Readiness.Verdict(false, "the journal /run/vpc-eni/pool.journal cannot be written"));

        readiness.unwritable("");
        assertThat(readiness.verdict(pool(9, 0, 0, 9, "")).ready()).isTrue();
    }

    private void serving() {
        readiness.started();
        readiness.servable();
    }

    private static PoolSnapshot pool(int total, int assigned, int cooling, int free, String obstacle) {
        Eni eni = new Eni(new EniId("eni-0"), DeviceSlot.PRIMARY, true, 10, EniRole.PODS);
        return new PoolSnapshot(
                T,
                List.of(new PoolSnapshot.EniCounts(eni, total, assigned, cooling, free, 0, 0, total, 0, false)),
                List.of(),
                0,
                0,
                0,
                free,
                0,
                0,
                0,
                0,
                new PoolSnapshot.Target("aws", 0, "", 0, ""),
                obstacle.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PoolSnapshot.GrowthFailure(AllocationError.OTHER, obstacle, T, T)));
    }

    @Test
    void a_full_node_says_what_the_addresses_are_that_no_pod_has() {
        serving();
        PoolSnapshot plain = pool(9, 4, 1, 0, "");
        PoolSnapshot pool =
                new PoolSnapshot(T, plain.enis(), List.of(), 0, 0, 0, 0, 1, 1, 2, 0, plain.target(), Optional.empty());

        assertThat(readiness.verdict(pool))
                .isEqualTo(new Readiness.Verdict(
                        true,
                        "full: 4 of 9 addresses are with pods, 1 cooling, 1 quarantined, 1 leaving, 2 disputed (ipamctl"
                                + " explain pool)"));
    }
}
