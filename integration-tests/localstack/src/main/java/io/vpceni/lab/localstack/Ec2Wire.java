package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.Map;
import org.w3c.dom.Element;

/// The next receiver of EC2 calls: LocalStack, or the next [Mend] before it.
@FunctionalInterface
interface Ec2Wire {
    ProxiedAnswer send(ProxiedCall call) throws IOException;

    /// Sends a call whose failure is nobody's to handle, and returns the answer's document element.
    default Element ask(ProxiedCall call) throws IOException {
        ProxiedAnswer answer = send(call);
        if (!answer.succeeded()) {
            throw new IOException(call.action() + " failed with status " + answer.status() + ": " + answer.body());
        }
        return LocalStackXml.parse(answer.body());
    }

    default Element ask(String action, Map<String, String> parameters) throws IOException {
        return ask(ProxiedCall.of(action, parameters));
    }
}
