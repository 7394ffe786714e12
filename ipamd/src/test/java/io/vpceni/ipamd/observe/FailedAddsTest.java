package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PodName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailedAddsTest {

    private final FailedAdds failedAdds = new FailedAdds(() -> Instant.EPOCH);

    @Test
    void whatIsKeptHasABoundAndTheLatestStay() {
        for (int pod = 0; pod < 300; pod++) {
            failedAdds.failed(new PodName("shop", "p" + pod), 11, "none");
            failedAdds.failed(new PodName("shop", "again"), 11, "none");
        }

        assertThat(failedAdds.of(new PodName("shop", "p0"))).isEmpty();
        assertThat(failedAdds.of(new PodName("shop", "p299"))).isPresent();
        assertThat(failedAdds.of(new PodName("shop", "again")))
                .hasValueSatisfying(failed -> assertThat(failed.times()).isEqualTo(300));
    }
}
