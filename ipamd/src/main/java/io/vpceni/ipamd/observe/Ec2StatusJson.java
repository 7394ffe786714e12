package io.vpceni.ipamd.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.budget.ActionBudget;
import io.vpceni.eni.lifecycle.EniReference;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.PendingCall;
import io.vpceni.pool.EniId;
import io.vpceni.pool.PoolSnapshot;
import java.util.Locale;

/// `/v1/ec2`: the requests and calls to EC2 that have not ended, the last refusals, the request budgets, and what
/// blocks the node's growth.
final class Ec2StatusJson {
    private final ObjectMapper json;

    Ec2StatusJson(ObjectMapper json) {
        this.json = json;
    }

    ObjectNode of(PoolSnapshot pool, Ec2Status ec2) {
        ObjectNode root = json.createObjectNode().put("at", ec2.at().toString());
        root.put("text", Ec2StatusText.of(pool, ec2));
        GrowthBlocker.of(pool, ec2).ifPresent(text -> root.put("growthBlockedBy", text));
        root.put("circuit", word(ec2.circuit()))
                .put("terminating", ec2.ending())
                .put("openIntents", ec2.openIntents());
        credentials(root.putObject("credentials"), ec2.access().credentials());
        root.put("clockAheadSeconds", ec2.access().clockAhead().toSeconds());
        ArrayNode proxies = root.putArray("proxies");
        ec2.access().proxies().forEach(proxies::add);
        ArrayNode requests = root.putArray("requests");
        ec2.wanted()
                .forEach(wanted -> requests.addObject()
                        .put("request", wanted.request().request())
                        .put("text", RequestText.of(wanted.request()))
                        .put("since", wanted.since().toString()));
        ArrayNode pending = root.putArray("pending");
        ec2.pending().forEach(call -> pending(pending.addObject(), call));
        ArrayNode calls = root.putArray("calls");
        ec2.calls()
                .forEach(call -> calls.addObject()
                        .put("action", call.what().action().apiName())
                        .put("subject", call.what().subject())
                        .put("since", call.since().toString()));
        ArrayNode refusals = root.putArray("refusals");
        ec2.refusals()
                .forEach(refusal -> refusals.addObject()
                        .put("action", refusal.action())
                        .put("kind", refusal.kind().name())
                        .put("text", refusal.text())
                        .put("at", refusal.at().toString())
                        .put("times", refusal.times()));
        budget(root.putObject("budget"), ec2);
        subnets(root.putArray("subnets"), ec2);
        ArrayNode enis = root.putArray("enis");
        ec2.enis().forEach(eni -> status(enis.addObject(), eni));
        return root;
    }

    private static void pending(ObjectNode out, PendingCall call) {
        out.put("call", call.call())
                .put("operation", call.operation())
                .put("subject", call.subject())
                .put("since", call.since().toString());
        ArrayNode requests = out.putArray("requests");
        call.requests().forEach(requests::add);
    }

    static void status(ObjectNode out, EniStatus eni) {
        out.put("name", eni.eni().text());
        switch (eni.eni()) {
            case EniReference.ById(EniId id) -> out.put("id", id.value());
            case EniReference.ByClientToken(ClientToken token) -> out.put("clientToken", token.value());
            case EniReference.ByRequest(long request) -> out.put("request", request);
        }
        out.put("phase", word(eni.phase()));
        eni.slot().ifPresent(slot -> out.put("networkCard", slot.networkCard()).put("deviceIndex", slot.deviceIndex()));
        out.put("since", eni.since().toString()).put("note", eni.note());
    }

    private static void credentials(ObjectNode out, CredentialsReport report) {
        out.put("source", word(report.source()))
                .put("identity", report.identity())
                .put("accessKeyId", report.accessKeyId());
        report.expires().ifPresent(end -> out.put("expires", end.toString()));
        out.put("failure", report.failure()).put("since", report.since().toString());
    }

    private static void budget(ObjectNode out, Ec2Status ec2) {
        out.put("share", ec2.budget().share())
                .put("queued", ec2.budget().waiting())
                .put("inFlight", ec2.budget().underWay())
                .put("inFlightMax", ec2.budget().concurrencyMax());
        ArrayNode actions = out.putArray("actions");
        ec2.budget().actions().forEach(action -> action(actions.addObject(), action));
    }

    private static void action(ObjectNode out, ActionBudget action) {
        out.put("action", action.action().apiName())
                .put("tokens", action.tokens())
                .put("perSecond", action.perSecond())
                .put("perSecondMax", action.perSecondMax())
                .put("queued", action.waiting())
                .put("inFlight", action.underWay())
                .put("sent", action.made())
                .put("throttled", action.throttled());
        if (action.nextAt() != null) {
            out.put("nextAt", action.nextAt().toString());
        }
    }

    private static void subnets(ArrayNode out, Ec2Status ec2) {
        ec2.subnets().forEach(subnet -> {
            ObjectNode node = out.addObject()
                    .put("id", subnet.subnetId().value())
                    .put("eligibility", word(subnet.eligibility()))
                    .put("primary", subnet.primary());
            subnet.addressesFree().ifPresent(free -> node.put("addressesFree", free));
            if (subnet.backoffUntil() != null) {
                node.put("backoffUntil", subnet.backoffUntil().toString());
            }
            if (subnet.prefixBackoffUntil() != null) {
                node.put("prefixBackoffUntil", subnet.prefixBackoffUntil().toString());
            }
        });
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
