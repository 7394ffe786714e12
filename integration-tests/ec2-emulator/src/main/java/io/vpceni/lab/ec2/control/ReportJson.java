package io.vpceni.lab.ec2.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.ec2.CallLog;
import io.vpceni.lab.ec2.GroundTruth;
import io.vpceni.lab.ec2.fault.FaultInjector;
import java.net.InetAddress;
import java.util.List;
import java.util.SortedMap;

/// Writes the control API's answers as JSON.
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    static ObjectNode faults(FaultInjector faults) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode rules = answer.putArray("rules");
        for (FaultInjector.ActiveRule active : faults.active()) {
            ObjectNode rule = RuleJson.write(active.rule())
                    .put("since", active.since().toString())
                    .put("happened", active.happened());
            active.left().ifPresent(left -> rule.put("left", left));
            rules.add(rule);
        }
        ObjectNode happened = answer.putObject("happened");
        faults.happened().forEach(happened::put);
        return answer;
    }

    static ObjectNode calls(List<CallLog.Call> calls, SortedMap<String, CallLog.ActionTotals> totals) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode list = answer.putArray("calls");
        for (CallLog.Call call : calls) {
            ObjectNode one = list.addObject()
                    .put("number", call.number())
                    .put("at", call.at().toString())
                    .put("caller", call.caller())
                    .put("callerName", call.callerName())
                    .put("action", call.action())
                    .put("about", call.about())
                    .put("outcome", call.outcome())
                    .put("answered", call.answered())
                    .put("millis", millis(call.took().toNanos()));
            ArrayNode faults = one.putArray("faults");
            call.faults().forEach(faults::add);
        }
        ObjectNode byAction = answer.putObject("totals");
        totals.forEach((action, total) -> byAction.putObject(action)
                .put("calls", total.calls())
                .put("ok", total.ok())
                .put("refused", total.refused())
                .put("throttled", total.throttled())
                .put("unanswered", total.unanswered())
                .put("meanMillis", millis(total.tookMean().toNanos()))
                .put("maxMillis", millis(total.tookMax().toNanos())));
        return answer;
    }

    /// To the microsecond.
    private static double millis(long nanos) {
        return Math.rint(nanos / 1e3) / 1e3;
    }

    static ObjectNode account(GroundTruth truth) {
        ObjectNode answer = JSON.createObjectNode().put("at", truth.at().toString());
        ArrayNode subnets = answer.putArray("subnets");
        for (GroundTruth.Net subnet : truth.subnets()) {
            subnets.addObject()
                    .put("id", subnet.id())
                    .put("block", subnet.block())
                    .put("zone", subnet.zone())
                    .put("freeAddresses", subnet.freeAddresses())
                    .put("freePrefixes", subnet.freePrefixes());
        }
        ArrayNode instances = answer.putArray("instances");
        for (GroundTruth.Machine instance : truth.instances()) {
            instances
                    .addObject()
                    .put("id", instance.id())
                    .put("name", instance.name())
                    .put("type", instance.type())
                    .put("subnet", instance.subnetId())
                    .put("state", instance.state());
        }
        ArrayNode enis = answer.putArray("enis");
        truth.enis().forEach(eni -> enis.add(eni(eni)));
        return answer;
    }

    private static ObjectNode eni(GroundTruth.EniState eni) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", eni.id())
                .put("subnet", eni.subnetId())
                .put("mac", eni.macAddress())
                .put("description", eni.description())
                .put("type", eni.interfaceType())
                .put("status", eni.status());
        ArrayNode addresses = json.putArray("addresses");
        eni.addresses().stream().map(InetAddress::getHostAddress).forEach(addresses::add);
        ArrayNode prefixes = json.putArray("prefixes");
        eni.prefixes().forEach(prefixes::add);
        ArrayNode groups = json.putArray("securityGroups");
        eni.groupIds().forEach(groups::add);
        ObjectNode tags = json.putObject("tags");
        eni.tags().forEach(tags::put);
        eni.attachment()
                .ifPresent(attachment -> json.putObject("attachment")
                        .put("id", attachment.attachmentId())
                        .put("instance", attachment.instanceId())
                        .put("networkCard", attachment.networkCard())
                        .put("deviceIndex", attachment.deviceIndex())
                        .put("status", attachment.status())
                        .put("deleteOnTermination", attachment.deleteOnTermination()));
        return json;
    }
}
