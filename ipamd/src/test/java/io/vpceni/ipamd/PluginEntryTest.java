package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PluginEntryTest {
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics("1.2.3");
    private final FakeGate gate = new FakeGate();
    private int tended;
    private final PluginEntry way =
            new PluginEntry(List.of(gate), () -> tended++, readiness, metrics, System::nanoTime);

    private static final class FakeGate implements PluginEntry.Gate {
        boolean open = true;
        boolean stuck;

        @Override
        public String name() {
            return "netns.sock";
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void reopen() throws IOException {
            if (stuck) {
                throw new IOException("No space left on device");
            }
            open = true;
        }
    }

    @Test
    void whatIsLostIsMadeAnewAndCountedOnce() {
        way.look();
        gate.open = false;

        way.look();
        way.look();

        assertThat(gate.open).isTrue();
        assertThat(readiness.addsBlockedBy()).isEmpty();
        assertThat(metrics.render()).contains("vpceni_plugin_files_recreated_total{what=\"netns.sock\"} 1\n");
        assertThat(tended).isEqualTo(3);
    }

    @Test
    void aFaultOfTheOthersIsNoStallOfTheLooks() {
        AtomicLong clock = new AtomicLong();
        try (PluginEntry other =
                new PluginEntry(List.of(gate), PluginEntryTest::fail, readiness, metrics, clock::get)) {
            other.start();
            clock.set(Duration.ofSeconds(61).toNanos());
            assertThat(other.isAlive()).isFalse();

            assertThatThrownBy(other::look).hasMessage("broken");

            assertThat(other.isAlive()).isTrue();
        }
    }

    private static void fail() {
        throw new IllegalStateException("broken");
    }

    @Test
    void whatCannotBeMadeAnewMakesIpamdUnhealthyUntilItCan() {
        gate.open = false;
        gate.stuck = true;

        way.look();
        way.look();

        assertThat(readiness.addsBlockedBy())
                .isEqualTo("no ADD can come in: netns.sock cannot be created again: No space left on device");
        assertThat(metrics.render()).contains("vpceni_plugin_files_recreated_total{what=\"netns.sock\"} 1\n");
        gate.stuck = false;
        way.look();
        assertThat(readiness.addsBlockedBy()).isEmpty();
    }
}
