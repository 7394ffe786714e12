package io.vpceni.ipamd;

import io.vpceni.eni.AttachedEni;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up the links of several ENIs in parallel: each missing link is waited for up to 30 s, and a start must not wait
/// for one after the other.
final class ParallelEniSetup {
    private static final Logger log = LoggerFactory.getLogger(ParallelEniSetup.class);

    /// What is done to one of them.
    @FunctionalInterface
    interface SetUp {
        void of(AttachedEni eni) throws IOException;
    }

    private ParallelEniSetup() {}

    /// @return those whose links are set up, in the given order; the others are logged
    static List<AttachedEni> setUp(List<AttachedEni> enis, SetUp setUp) throws InterruptedException {
        List<FutureTask<AttachedEni>> tasks = new ArrayList<>();
        for (AttachedEni eni : enis) {
            FutureTask<AttachedEni> task = new FutureTask<>(() -> {
                setUp.of(eni);
                return eni;
            });
            Thread.ofVirtual().name("set-up-" + eni.id()).start(task);
            tasks.add(task);
        }
        List<AttachedEni> done = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            try {
                done.add(tasks.get(i).get());
            } catch (ExecutionException e) {
                log.atWarn()
                        .addKeyValue("eni", enis.get(i).id())
                        .addKeyValue(
                                "reason",
                                e.getCause() instanceof IOException failure ? failure.getMessage() : e.getCause())
                        .log("An ENI gives no addresses until its link is set up");
            }
        }
        return done;
    }
}
