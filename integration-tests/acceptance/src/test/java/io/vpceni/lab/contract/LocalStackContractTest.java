package io.vpceni.lab.contract;

import io.vpceni.lab.localstack.LocalStackServer;
import io.vpceni.lab.localstack.TestLocalStack;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/// LocalStack at `LOCALSTACK_ENDPOINT`, else as a process from the lock file: it keeps the contract but for the table.
@Tag("root")
class LocalStackContractTest {
    @SuppressWarnings("NullAway") // set before all tests
    private static LocalStackServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestLocalStack.givenOrProcess();
    }

    @AfterAll
    static void stop() {
        if (server != null) { // else there is no LocalStack on this machine
            server.close();
        }
    }

    @Nested
    class Wire extends WireContract {
        @Override
        protected ContractBackend backend() {
            return new ContractLocalStack(server);
        }
    }

    @Nested
    class Port extends PortContract {
        @Override
        protected ContractBackend backend() {
            return new ContractLocalStack(server);
        }
    }

    @Nested
    class Deviations extends DeviationContract {
        @Override
        protected ContractBackend backend() {
            return new ContractLocalStack(server);
        }
    }
}
