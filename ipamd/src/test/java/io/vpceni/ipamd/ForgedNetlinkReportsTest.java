package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.netlink.ForeignDatagrams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ForgedNetlinkReportsTest {
    @RegisterExtension
    private final LoggedEvents logged = new LoggedEvents(ForgedNetlinkReports.class);

    private final Metrics metrics = new Metrics("1.2.3");
    private long count;
    private final ForgedNetlinkReports messages =
            new ForgedNetlinkReports(() -> new ForeignDatagrams.Seen(count, 4711), metrics);

    @Test
    void eachBurstIsSaidOnceAndAllOfItIsCounted() {
        look(0);
        look(3);
        look(5);
        assertThat(logged.list())
                .singleElement()
                .satisfies(
                        event -> assertThat(event.getKeyValuePairs().toString()).contains("4711"));

        look(5);
        look(6);

        assertThat(logged.list()).hasSize(2);
        assertThat(metrics.render()).contains("vpceni_netlink_foreign_datagrams_total 6\n");
    }

    private void look(long seen) {
        count = seen;
        messages.look();
    }
}
