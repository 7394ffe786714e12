package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.Map;
import org.w3c.dom.Element;

/// Where EC2 calls go: LocalStack, or the next [Mend] before it.
@FunctionalInterface
interface Ec2Wire {
    Ec2Answer send(Ec2Call call) throws IOException;

    /// Sends a call whose failure is nobody's to handle, and returns the answer's document element.
    default Element ask(Ec2Call call) throws IOException {
        Ec2Answer answer = send(call);
        if (!answer.succeeded()) {
            throw new IOException(call.action() + " failed with status " + answer.status() + ": " + answer.body());
        }
        return Xml.parse(answer.body());
    }

    default Element ask(String action, Map<String, String> parameters) throws IOException {
        return ask(Ec2Call.of(action, parameters));
    }
}
