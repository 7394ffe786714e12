package io.vpceni.lab.contract;

import io.vpceni.lab.localstack.LocalStackServer;
import io.vpceni.lab.localstack.TestLocalStack;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/// LocalStack in a container, by Testcontainers: it keeps the contract but for the table.
@Tag("root")
class LocalStackContainerContractTest {
    @SuppressWarnings("NullAway") // set before all tests
    private static LocalStackServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestLocalStack.container();
    }

    @AfterAll
    static void stop() {
        if (server != null) { // else there is no Docker on this machine
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
