package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DeviceSlotTest {

    @Test
    void onlyTheFirstDeviceOfTheFirstCardIsPrimary() {
        assertThat(new DeviceSlot(0, 0).isPrimary()).isTrue();
        assertThat(new DeviceSlot(0, 1).isPrimary()).isFalse();
        assertThat(new DeviceSlot(1, 0).isPrimary()).isFalse();
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceSlot(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceSlot(0, -1));
    }
}
