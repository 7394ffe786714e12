package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.ipamd.LoggedEvents;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RequestLogTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");

    @RegisterExtension
    private final LoggedEvents logged = new LoggedEvents(RequestLog.class);

    private final RequestLog requests = new RequestLog(new Metrics("1.2.3"));

    @Test
    void aRequestThatFailedIsOneLineWithFieldsOfItsOwn() {
        requests.begun(new Effect.AssignBlocks(7, ENI, BlockKind.ADDRESS, 3), NOW);

        requests.told(
                new Message.RequestFailed(7, AllocationError.SUBNET_EXHAUSTED, "the subnet is full"),
                NOW.plusMillis(1500));

        assertThat(logged.list()).hasSize(2).last().satisfies(line -> {
            assertThat(line.getFormattedMessage())
                    .isEqualTo("Assigning blocks to an ENI failed; the pool asks again later");
            Map<String, Object> fields = new HashMap<>();
            line.getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
            assertThat(fields)
                    .containsEntry("eni", ENI)
                    .containsEntry("kind", BlockKind.ADDRESS)
                    .containsEntry("asked", 3)
                    .containsEntry("allocationError", AllocationError.SUBNET_EXHAUSTED)
                    .containsEntry("reason", "the subnet is full")
                    .containsEntry("took", Duration.ofMillis(1500))
                    .containsEntry("request", 7L)
                    .hasSize(7);
        });
    }
}
