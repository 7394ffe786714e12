package io.vpceni.lab.localstack;

import io.vpceni.lab.ec2.Ec2Clients;
import io.vpceni.lab.ec2.Ec2Contract;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// LocalStack, mended by the lab, keeps the whole contract.
@Tag("root")
class LocalStackContractTest extends Ec2Contract {
    @SuppressWarnings("NullAway") // set before all tests
    private static LocalStackBackend backend;

    @BeforeAll
    static void start() throws IOException {
        backend = LocalStackBackend.start(TestLocalStack.start(), Mend.all(), InstantSource.system());
    }

    @AfterAll
    static void stop() {
        if (backend != null) {
            backend.close();
        }
    }

    @Override
    protected URI endpoint() {
        return backend.endpoint();
    }

    @Override
    protected AwsCredentials credentials() {
        return Ec2Clients.ADMINISTRATOR;
    }
}
