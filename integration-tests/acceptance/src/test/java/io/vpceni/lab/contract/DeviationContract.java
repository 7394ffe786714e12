package io.vpceni.lab.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.SdkTerms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// Each row of the table, asked of the EC2 under test: the emulation must answer as EC2 does, LocalStack as it did when
/// the row was written.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DeviationContract {
    /// The EC2 under test. Asked for each row.
    protected abstract ContractBackend backend();

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void answersAsTheTableSays(Deviation row) throws Exception {
        try (Bench bench = Bench.at(backend())) {
            String answered = row.probe().ask(bench);

            assertThat(answered)
                    .as(complaint(row, answered))
                    .isEqualTo(row.expected(backend().kind()));
        }
    }

    /// Malformed or not, a MAC belongs to one ENI and stays with it.
    @Test
    void aMacStaysAndFindsItsEni() {
        try (Bench bench = Bench.at(backend())) {
            String _ = bench.world().createEni();
            NetworkInterface created = bench.create(_ -> {});

            assertThat(bench.ec2()
                            .describeNetworkInterfaces(request -> request.filters(
                                    SdkTerms.filter("mac-address", created.macAddress()),
                                    SdkTerms.filter("vpc-id", bench.world().vpcId())))
                            .networkInterfaces())
                    .extracting(NetworkInterface::networkInterfaceId)
                    .containsExactly(created.networkInterfaceId());
        }
    }

    List<Deviation> rows() {
        return Deviations.all().stream()
                .filter(row -> row.isAskedOf(backend().kind()))
                .toList();
    }

    private String complaint(Deviation row, String answered) {
        return switch (backend().kind()) {
            case EMULATION -> "EC2's answer to: " + row.call();
            case LOCALSTACK ->
                answered.equals(row.ec2())
                        ? "LocalStack answers as EC2 does now, the row can go: " + row.call()
                        : "LocalStack answers otherwise than when the row was written: " + row.call();
        };
    }
}
