package io.vpceni.pool.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureTest {

    @ParameterizedTest
    @CsvSource({
        // batch, held, used, held afterwards
        "10, 10,  8, 20",
        " 3, 10, 10, 12",
        "10, 20,  5, 10",
        " 3, 21, 15, 18",
        "16, 16,  8, 16",
        "16, 16,  9, 32",
    })
    void goesToMultiplesOfTheBatch(int batch, int held, int used, int then) {
        WarmTarget target = new Azure(batch, 50, 150)
                .target(new PoolCountsFixture().holding(held, used).counts());

        assertThat(held + target.more() - target.fewer()).isEqualTo(then);
    }

    @ParameterizedTest
    @CsvSource({"16, 8, 24", "3, 2, 5", "1, 1, 2"})
    void thresholdsAreRounded(int batch, int min, int max) {
        Azure azure = new Azure(batch, 50, 150);

        assertThat(azure.freeMin()).isEqualTo(min);
        assertThat(azure.freeMax()).isEqualTo(max);
    }
}
