package io.vpceni.lab.contract;

import io.vpceni.lab.ec2.Ec2Clients;
import io.vpceni.lab.localstack.LocalStackBackend;
import io.vpceni.lab.localstack.TestLocalStack;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// What the lab mends in LocalStack leaves the contract whole.
@Tag("root")
class MendedContractTest {
    @SuppressWarnings("NullAway") // set before all tests
    private static LocalStackBackend mended;

    @BeforeAll
    static void start() throws IOException {
        mended = TestLocalStack.mended();
    }

    @AfterAll
    static void stop() {
        if (mended != null) { // else there is no LocalStack on this machine
            mended.close();
        }
    }

    @Nested
    class Wire extends WireContract {
        @Override
        protected ContractBackend backend() {
            return new Mended();
        }
    }

    @Nested
    class Port extends PortContract {
        @Override
        protected ContractBackend backend() {
            return new Mended();
        }
    }

    private record Mended() implements ContractBackend {
        @Override
        public Kind kind() {
            return Kind.LOCALSTACK;
        }

        @Override
        public URI endpoint() {
            return mended.endpoint();
        }

        @Override
        public AwsCredentials credentials() {
            return Ec2Clients.ADMINISTRATOR;
        }

        @Override
        public void settle() {}

        @Override
        public URI metadata(String instanceId) {
            return mended.endpoint();
        }
    }
}
