package io.vpceni.network;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.netlink.NftDump;

/// One nftables transaction that removes the AWS VPC CNI's objects and nothing else: its rules, by their handles,
/// then its chains, which nothing refers to any more, and its table (`libnftables-json(5)`).
final class AwsRulesRemoval {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private AwsRulesRemoval() {}

    static String of(Leftovers.AwsRules aws) {
        ArrayNode commands = JSON.arrayNode();
        for (NftDump.NftRule rule : aws.rules()) {
            command(
                    commands,
                    "delete",
                    "rule",
                    in(rule.chain().table()).put("chain", rule.chain().name()).put("handle", rule.handle()));
        }
        aws.chains()
                .forEach(chain ->
                        command(commands, "flush", "chain", in(chain.table()).put("name", chain.name())));
        aws.chains()
                .forEach(chain ->
                        command(commands, "delete", "chain", in(chain.table()).put("name", chain.name())));
        if (aws.table()) {
            command(
                    commands,
                    "delete",
                    "table",
                    JSON.objectNode().put("family", "ip").put("name", Leftovers.AWS_TABLE));
        }
        return JSON.objectNode().set("nftables", commands).toString();
    }

    private static ObjectNode in(String table) {
        return JSON.objectNode().put("family", "ip").put("table", table);
    }

    private static void command(ArrayNode commands, String verb, String what, ObjectNode object) {
        commands.add(JSON.objectNode().set(verb, JSON.objectNode().set(what, object)));
    }
}
