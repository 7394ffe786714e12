package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.List;

/// One thing that LocalStack gets wrong, and how the lab mends it. A mend sees a call on its way to LocalStack and the
/// answer on its way back, and may make calls of its own. Thread-safe.
interface Mend {
    /// One line: what is wrong without it.
    String reason();

    ProxiedAnswer carry(ProxiedCall call, Ec2Wire next) throws IOException;

    /// All of them, the outermost first.
    static List<Mend> all() {
        return List.of(
                new NoPrefixes(),
                new MalformedMacs(),
                new OnlyNewAddresses(),
                new DistinctAddresses(),
                new OneAccount());
    }

    /// The wire that leads through the mends, the first one outermost.
    static Ec2Wire chain(List<Mend> mends, Ec2Wire last) {
        Ec2Wire wire = last;
        for (Mend mend : mends.reversed()) {
            Ec2Wire next = wire;
            wire = call -> mend.carry(call, next);
        }
        return wire;
    }
}
