package io.vpceni.lab.contract;

import java.util.List;
import java.util.stream.Stream;

/// The table of what LocalStack gets wrong, as far as the product can meet it. `docs/localstack.md` shows it.
final class Deviations {
    private Deviations() {}

    /// All rows, in the order of an ENI's life.
    static List<Deviation> all() {
        return Stream.of(
                        LaunchDeviations.rows(),
                        CreationDeviations.rows(),
                        AttachmentDeviations.rows(),
                        AddressDeviations.rows(),
                        ReadingDeviations.rows(),
                        PortDeviations.rows())
                .flatMap(List::stream)
                .toList();
    }

    /// The table as it stands in `docs/localstack.md`.
    static String markdown() {
        StringBuilder table = new StringBuilder("| call | EC2 | LocalStack 4.14.0 | asked of |\n|---|---|---|---|\n");
        for (Deviation row : all()) {
            String askedOf = row.isAskedOf(ContractBackend.Kind.EMULATION) ? "both" : "LocalStack";
            table.append("| " + String.join(" | ", row.call(), row.ec2(), row.localStack(), askedOf) + " |\n");
        }
        return table.toString();
    }
}
