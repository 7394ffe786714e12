package io.vpceni.lab.localstack;

import java.util.UUID;

/// What EC2 answered.
///
/// @param status of HTTP
/// @param body XML, an `Errors` document unless the status is 200
record ProxiedAnswer(int status, String body) {
    boolean succeeded() {
        return status == 200;
    }

    /// An error as EC2 words it.
    static ProxiedAnswer error(int status, String code, String message) {
        String requestId = UUID.randomUUID().toString();
        return new ProxiedAnswer(
                status,
                "<Response><Errors><Error><Code>" + code + "</Code><Message>" + LocalStackXml.escape(message)
                        + "</Message></Error></Errors><RequestID>" + requestId + "</RequestID></Response>");
    }
}
