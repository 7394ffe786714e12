package io.vpceni.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import jnr.constants.platform.linux.Errno;

/// An nftables table as libnftables lists it, without handles, which change by themselves.
///
/// @param text the whole table; empty: there is no such table
/// @param elements number of elements of each set, by the set's name
record TableListing(String text, Map<String, Integer> elements) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// The whole table. For the thread that owns the nftables context.
    static TableListing of(Nftables nft, String family, String table) throws NetlinkFailure {
        return of(nft, family, table, false);
    }

    /// The table without elements of its sets: chains, rules, and the sets themselves.
    static TableListing withoutElements(Nftables nft, String family, String table) throws NetlinkFailure {
        return of(nft, family, table, true);
    }

    private static TableListing of(Nftables nft, String family, String table, boolean withoutElements)
            throws NetlinkFailure {
        ObjectNode named =
                JsonNodeFactory.instance.objectNode().put("family", family).put("name", table);
        ObjectNode command = JsonNodeFactory.instance.objectNode();
        command.putArray("nftables").addObject().putObject("list").set("table", named);
        try {
            return read(nft.run(command.toString()), withoutElements);
        } catch (NetlinkFailure e) {
            if (e.is(Errno.EINVAL)) { // all that libnftables says of a table that is not there
                return new TableListing("", Map.of());
            }
            throw e;
        }
    }

    private static TableListing read(String listed, boolean withoutElements) {
        try {
            JsonNode tree = JSON.readTree(listed);
            Map<String, Integer> elements = new TreeMap<>();
            for (JsonNode object : tree.path("nftables")) {
                if (object.path("set") instanceof ObjectNode set) {
                    elements.put(set.path("name").asText(), set.path("elem").size());
                    if (withoutElements) {
                        set.remove("elem");
                    }
                }
            }
            withoutHandles(tree);
            return new TableListing(tree.toString(), elements);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("libnftables lists what is no JSON", e);
        }
    }

    private static void withoutHandles(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("handle");
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(TableListing::withoutHandles);
        }
    }
}
