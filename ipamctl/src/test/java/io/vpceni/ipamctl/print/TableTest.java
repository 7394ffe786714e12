package io.vpceni.ipamctl.print;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        String text = new Table("POD", "ADDRESS")
                .row("a", "10.0.1.5")
                .row("longer-name", "10.0.1.6")
                .render();

        assertThat(text).isEqualTo("""
                POD          ADDRESS
                a            10.0.1.5
                longer-name  10.0.1.6
                """);
    }
}
