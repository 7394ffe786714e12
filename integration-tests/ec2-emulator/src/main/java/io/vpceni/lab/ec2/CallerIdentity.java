package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.Ec2HttpListener.ApiRequest;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Xml;
import java.util.Optional;

/// The one action of STS that the emulation has: `GetCallerIdentity`, on the same port as EC2.
///
/// It needs no permission, has no bucket, and is hit by no fault.
final class CallerIdentity {
    static final String SERVICE = "sts";

    private static final String ACTION = "GetCallerIdentity";
    private static final String VERSION = "2011-06-15";
    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/" + VERSION + "/";

    private record Identity(String arn, String userId) {}

    private final Ec2State state;

    CallerIdentity(Ec2State state) {
        this.state = state;
    }

    /// Whether a request is for STS: by the service that it is signed for, or by the version of its API.
    static boolean isAskedBy(ApiRequest request) {
        return Credential.of(request.authorization())
                .map(credential -> credential.service().equals(SERVICE))
                .orElse(VERSION.equals(request.form().get("Version")));
    }

    /// @param caller empty for an unknown caller
    Ec2Api.Answer answer(ApiRequest request, Optional<Caller> caller) {
        String requestId = state.ids().nextRequestId();
        try {
            refuse(request);
            Caller known = caller.orElseThrow(() -> new Ec2Refusal(
                    403, "InvalidClientTokenId", "The security token included in the request is invalid."));
            return new Ec2Api.Answer(200, requestId, CallLog.Call.OK, xml(identity(known), requestId), false);
        } catch (Ec2Refusal refusal) {
            return refused(refusal, requestId);
        }
    }

    private static void refuse(ApiRequest request) {
        if (request.refusal().isPresent()) {
            throw request.refusal().get();
        }
        String action = request.form().getOrDefault("Action", "");
        if (!action.equals(ACTION)) {
            throw new Ec2Refusal(
                    "InvalidAction",
                    "This emulation has one action of STS, " + ACTION + ", and not '" + action
                            + "': the keys of a node's role come from its metadata service");
        }
        if (Credential.of(request.authorization()).isEmpty()) {
            throw new Ec2Refusal(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
        }
    }

    private Identity identity(Caller caller) {
        String partition = "arn:" + state.region().partition();
        String account = state.accountId();
        return switch (caller) {
            case Caller.Administrator(String user) ->
                new Identity(partition + ":iam::" + account + ":user/" + user, "AIDA" + account + "LAB0");
            case Caller.Node(String instanceId) ->
                new Identity(
                        partition + ":sts::" + account + ":assumed-role/"
                                + state.instances().get(instanceId).launch().roleName() + "/" + instanceId,
                        "AROA" + account + "LAB0:" + instanceId);
        };
    }

    private String xml(Identity identity, String requestId) {
        Xml xml = new Xml();
        xml.root(
                ACTION + "Response",
                NAMESPACE,
                () -> xml.element(
                                ACTION + "Result",
                                () -> xml.text("Arn", identity.arn())
                                        .text("UserId", identity.userId())
                                        .text("Account", state.accountId()))
                        .element("ResponseMetadata", () -> xml.text("RequestId", requestId)));
        return xml.toString();
    }

    private static Ec2Api.Answer refused(Ec2Refusal refusal, String requestId) {
        Xml xml = new Xml();
        xml.root(
                "ErrorResponse",
                NAMESPACE,
                () -> xml.element(
                                "Error",
                                () -> xml.text("Type", "Sender")
                                        .text("Code", refusal.code())
                                        .text("Message", String.valueOf(refusal.getMessage())))
                        .text("RequestId", requestId));
        return new Ec2Api.Answer(refusal.status(), requestId, refusal.code(), xml.toString(), false);
    }
}
