package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.EniId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoggedIntentsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<Intent> SOME = List.of(new Intent.Deleting(new EniId("eni-0a"), NOW));

    private final List<Intent> written = new ArrayList<>();
    private final Metrics metrics = new Metrics("1.2.3");
    private boolean full;

    @Test
    void what_cannot_be_written_is_counted_and_refused_and_later_it_goes_again() throws IOException {
        LoggedIntents intents = new LoggedIntents(this::append, Path.of("/var/lib/vpc-eni"), metrics, () -> NOW);
        full = true;
        assertThatThrownBy(() -> intents.append(SOME))
                .hasMessage(
                        "disk full in /var/lib/vpc-eni (VPC_ENI_STATE_DIRECTORY): is its disk full or read-only? Free"
                                + " space there");
        assertThatThrownBy(() -> intents.append(SOME)).hasMessageStartingWith("disk full");
        full = false;

        intents.append(SOME);

        assertThat(written).isEqualTo(SOME);
        assertThat(metrics.render()).contains("awscni_ipamd_error_count{fn=\"intents\"} 2");
    }

    private void append(List<Intent> some) throws IOException {
        if (full) {
            throw new IOException("disk full");
        }
        written.addAll(some);
    }
}
