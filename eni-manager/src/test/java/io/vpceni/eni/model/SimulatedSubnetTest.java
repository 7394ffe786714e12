package io.vpceni.eni.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/// No two subnets overlap.
class SimulatedSubnetTest {
    @Test
    void onlyTheFirstSubnetMayHaveFewerThanSixteenBits() {
        assertThat(new SimulatedSubnet(0, 12, 0).block()).hasToString("10.0.0.0/12");
        assertThat(new SimulatedSubnet(199, 16, 0).block()).hasToString("10.199.0.0/16");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SimulatedSubnet(1, 15, 0))
                .withMessage("subnet 1 of /15: want /16 to /28");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SimulatedSubnet(0, 11, 0))
                .withMessage("subnet 0 of /11: want /12 to /28");
        assertThatIllegalArgumentException().isThrownBy(() -> new SimulatedSubnet(0, 29, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SimulatedSubnet(200, 16, 0))
                .withMessage("subnet number 200: want 0 to 199");
    }
}
