package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Carries out a request, from its parameters to its answer. The caller holds the account's lock, has brought the state
/// up to now and has identified the sender.
final class Ec2Api {
    private static final String VERSION = "2016-11-15";
    private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/" + VERSION + "/";

    /// An answer.
    ///
    /// @param status of HTTP
    /// @param outcome [CallLog.Call#OK] or the error code
    /// @param changed whether the account may be different now
    record Answer(int status, String requestId, String outcome, String xml, boolean changed) {}

    private final Ec2State state;
    private final SortedMap<String, Action> actions;
    private final List<Admission> admissions;

    /// @param admissions are asked in their order
    Ec2Api(Ec2State state, SortedMap<String, Action> actions, List<Admission> admissions) {
        this.state = state;
        this.actions = actions;
        this.admissions = List.copyOf(admissions);
    }

    Answer answer(Map<String, String> form, Caller caller) {
        String requestId = state.ids().nextRequestId();
        try {
            return perform(form, caller, requestId);
        } catch (Ec2Refusal refusal) {
            return refusal(refusal, requestId);
        }
    }

    private Answer perform(Map<String, String> form, Caller caller, String requestId) {
        Parameters parameters = new Parameters(form);
        String name = parameters.required("Action");
        String version = parameters.required("Version");
        if (!version.equals(VERSION)) {
            throw new Ec2Refusal(
                    "NoSuchVersion", "The requested version (" + version + ") of service AmazonEC2 does not exist");
        }
        Action action = actions.get(name);
        if (action == null) {
            throw UnsupportedRequests.action(name);
        }
        ApiCall call = new ApiCall(name, caller, form);
        admissions.forEach(admission -> admission.admit(call));
        boolean dryRun = parameters.flag("DryRun").orElse(false);
        Action.Operation operation = action.read(parameters);
        parameters.refuseUnread();
        if (dryRun) {
            throw new Ec2Refusal(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
        }
        Xml xml = new Xml();
        xml.root(name + "Response", NAMESPACE, () -> {
            xml.text("requestId", requestId);
            operation.perform(xml);
        });
        return new Answer(200, requestId, CallLog.Call.OK, xml.toString(), !isRead(name));
    }

    static boolean isRead(String action) {
        return action.startsWith("Describe") || action.startsWith("Get");
    }

    /// The answer to a request that is refused before it can be read as one.
    Answer refused(Ec2Refusal refusal) {
        return refusal(refusal, state.ids().nextRequestId());
    }

    private static Answer refusal(Ec2Refusal refusal, String requestId) {
        Xml xml = new Xml();
        xml.root(
                "Response",
                "",
                () -> xml.element(
                                "Errors",
                                () -> xml.element(
                                        "Error",
                                        () -> xml.text("Code", refusal.code())
                                                .text("Message", String.valueOf(refusal.getMessage()))))
                        .text("RequestID", requestId));
        return new Answer(refusal.status(), requestId, refusal.code(), xml.toString(), false);
    }
}
