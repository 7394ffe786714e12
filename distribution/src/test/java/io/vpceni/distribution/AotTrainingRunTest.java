package io.vpceni.distribution;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/// The whole daemon without root: settings, IMDS and EC2 by HTTP, journal, owners, gRPC socket, pages, stop. It fails
/// when any pod gets no address, no second ENI comes, a page is not served, or the daemon does not stop.
class AotTrainingRunTest {
    @Test
    void the_daemon_serves_pods_and_grows_with_a_made_up_kernel_and_aws() {
        assertThatCode(() -> AotTrainingRun.main(new String[0])).doesNotThrowAnyException();
    }
}
