package io.vpceni.ipamd.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.lifecycle.EniReference;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.PendingCall;
import io.vpceni.pool.EniId;
import io.vpceni.pool.PoolSnapshot;
import java.util.Locale;

/// `/v1/cloud`: the requests and calls to EC2 that have not ended, the last refusals, the request budgets, and what
/// blocks the node's growth.
final class Ec2StatusJson {
    private final ObjectMapper json;

    Ec2StatusJson(ObjectMapper json) {
        this.json = json;
    }

    ObjectNode of(PoolSnapshot pool, Ec2Status cloud) {
        ObjectNode root = json.createObjectNode().put("at", cloud.at().toString());
        root.put("text", Ec2StatusText.of(pool, cloud));
        GrowthBlocker.of(cloud).ifPresent(text -> root.put("growthBlockedBy", text));
        root.put("circuit", word(cloud.circuit()))
                .put("terminating", cloud.ending())
                .put("openIntents", cloud.openIntents());
        credentials(root.putObject("credentials"), cloud.access().credentials());
        root.put("clockAheadSeconds", cloud.access().clockAhead().toSeconds());
        ArrayNode proxies = root.putArray("proxies");
        cloud.access().proxies().forEach(proxies::add);
        ArrayNode requests = root.putArray("requests");
        cloud.wanted()
                .forEach(wanted -> requests.addObject()
                        .put("request", wanted.request().request())
                        .put("text", RequestText.of(wanted.request()))
                        .put("since", wanted.since().toString()));
        ArrayNode pending = root.putArray("pending");
        cloud.pending().forEach(call -> pending(pending.addObject(), call));
        ArrayNode calls = root.putArray("calls");
        cloud.calls()
                .forEach(call -> calls.addObject()
                        .put("action", call.what().action().apiName())
                        .put("subject", call.what().subject())
                        .put("since", call.since().toString()));
        ArrayNode refusals = root.putArray("refusals");
        cloud.refusals()
                .forEach(refusal -> refusals.addObject()
                        .put("action", refusal.action())
                        .put("kind", refusal.kind().name())
                        .put("text", refusal.text())
                        .put("at", refusal.at().toString())
                        .put("times", refusal.times()));
        budget(root.putObject("budget"), cloud);
        subnets(root.putArray("subnets"), cloud);
        ArrayNode enis = root.putArray("enis");
        cloud.enis().forEach(eni -> status(enis.addObject(), eni));
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
            case EniReference.ByClientToken(String token) -> out.put("clientToken", token);
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

    private static void budget(ObjectNode out, Ec2Status cloud) {
        out.put("share", cloud.budget().share())
                .put("queued", cloud.budget().waiting())
                .put("inFlight", cloud.budget().underWay())
                .put("inFlightMax", cloud.budget().concurrencyMax());
        ArrayNode actions = out.putArray("actions");
        cloud.budget()
                .actions()
                .forEach(action -> actions.addObject()
                        .put("action", action.action().apiName())
                        .put("tokens", action.tokens())
                        .put("perSecond", action.perSecond())
                        .put("perSecondMax", action.perSecondMax())
                        .put("queued", action.waiting())
                        .put("inFlight", action.underWay())
                        .put("sent", action.made())
                        .put("throttled", action.throttled()));
    }

    private static void subnets(ArrayNode out, Ec2Status cloud) {
        cloud.subnets().forEach(subnet -> {
            ObjectNode node = out.addObject()
                    .put("id", subnet.subnetId())
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
