package io.vpceni.ipamd.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.PendingCall;
import io.vpceni.pool.PoolSnapshot;
import java.util.Locale;

/// `/v1/cloud`: what EC2 is being asked, what it refuses, how often it may be asked, and what all that means for the
/// node's growth. Members are only ever added.
final class Ec2StatusJson {
    private final ObjectMapper json;

    Ec2StatusJson(ObjectMapper json) {
        this.json = json;
    }

    ObjectNode of(PoolSnapshot pool, Ec2Status cloud) {
        ObjectNode root = json.createObjectNode().put("at", cloud.at().toString());
        root.put("text", Ec2StatusText.of(pool, cloud));
        Ec2StatusText.hindrance(cloud).ifPresent(text -> root.put("hindrance", text));
        root.put("circuit", word(cloud.circuit()))
                .put("ending", cloud.ending())
                .put("openIntents", cloud.openIntents());
        credentials(root.putObject("credentials"), cloud.access().credentials());
        root.put("clockAheadSeconds", cloud.access().clockAhead().toSeconds());
        ArrayNode proxies = root.putArray("proxies");
        cloud.access().proxies().forEach(proxies::add);
        ArrayNode wanted = root.putArray("wanted");
        cloud.wanted()
                .forEach(want -> wanted.addObject()
                        .put("request", want.request().toString())
                        .put("since", want.since().toString()));
        ArrayNode pending = root.putArray("pending");
        cloud.pending().forEach(call -> pending(pending.addObject(), call));
        ArrayNode calls = root.putArray("calls");
        cloud.calls()
                .forEach(call -> calls.addObject()
                        .put("action", call.what().action().apiName())
                        .put("subject", call.what().subject())
                        .put("since", call.since().toString()));
        ArrayNode troubles = root.putArray("refusals");
        cloud.troubles()
                .forEach(trouble -> troubles.addObject()
                        .put("action", trouble.action())
                        .put("kind", trouble.kind().name())
                        .put("text", trouble.text())
                        .put("at", trouble.at().toString())
                        .put("times", trouble.times()));
        budget(root.putObject("budget"), cloud);
        subnets(root.putArray("subnets"), cloud);
        ArrayNode enis = root.putArray("enis");
        cloud.enis().forEach(eni -> life(enis.addObject(), eni));
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

    static void life(ObjectNode out, EniStatus eni) {
        out.put("name", eni.name())
                .put("phase", word(eni.phase()))
                .put("networkCard", eni.networkCard())
                .put("deviceIndex", eni.deviceIndex())
                .put("since", eni.since().toString())
                .put("note", eni.note());
    }

    private static void credentials(ObjectNode out, CredentialsReport report) {
        out.put("source", word(report.source()))
                .put("identity", report.identity())
                .put("accessKeyId", report.accessKeyId());
        report.expires().ifPresent(end -> out.put("expires", end.toString()));
        out.put("trouble", report.trouble()).put("since", report.since().toString());
    }

    private static void budget(ObjectNode out, Ec2Status cloud) {
        out.put("share", cloud.budget().share())
                .put("waiting", cloud.budget().waiting())
                .put("underWay", cloud.budget().underWay())
                .put("underWayMax", cloud.budget().concurrencyMax());
        ArrayNode actions = out.putArray("actions");
        cloud.budget()
                .actions()
                .forEach(action -> actions.addObject()
                        .put("action", action.action().apiName())
                        .put("tokens", action.tokens())
                        .put("perSecond", action.perSecond())
                        .put("perSecondMax", action.perSecondMax())
                        .put("waiting", action.waiting())
                        .put("underWay", action.underWay())
                        .put("made", action.made())
                        .put("throttled", action.throttled()));
    }

    private static void subnets(ArrayNode out, Ec2Status cloud) {
        cloud.subnets().forEach(subnet -> {
            ObjectNode node = out.addObject()
                    .put("id", subnet.subnetId())
                    .put("standing", word(subnet.standing()))
                    .put("primary", subnet.primary());
            subnet.addressesFree().ifPresent(free -> node.put("addressesFree", free));
            if (subnet.restsUntil() != null) {
                node.put("restsUntil", subnet.restsUntil().toString());
            }
            if (subnet.prefixesRestUntil() != null) {
                node.put("prefixesRestUntil", subnet.prefixesRestUntil().toString());
            }
        });
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
