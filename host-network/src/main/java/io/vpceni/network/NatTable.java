package io.vpceni.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.NftTable;
import java.io.UncheckedIOException;
import jnr.constants.platform.linux.Errno;

/// The table `ip vpc-eni` as it was last put there: compared with what the kernel listed right afterwards. On the
/// thread
/// that has the context.
final class NatTable implements NftTable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String commands;
    private String asListed = "";

    /// @param commands that replace it, see [NatRuleset#replacement]
    NatTable(String commands) {
        this.commands = commands;
    }

    @Override
    public String name() {
        return "ip " + NatRuleset.TABLE;
    }

    @Override
    public boolean isIntact(Nftables nft) throws NetlinkFailure {
        return listing(nft).equals(asListed);
    }

    @Override
    public void reapply(Nftables nft) throws NetlinkFailure {
        var _ = nft.run(commands);
        asListed = listing(nft);
    }

    /// Without what changes by itself: handles, and the counters of rules (there are none). No table lists as nothing,
    /// and so does one that settings want away.
    private String listing(Nftables nft) throws NetlinkFailure {
        ObjectNode table =
                JsonNodeFactory.instance.objectNode().put("family", "ip").put("name", NatRuleset.TABLE);
        ObjectNode command = JsonNodeFactory.instance.objectNode();
        command.putArray("nftables").addObject().putObject("list").set("table", table);
        String listed;
        try {
            listed = nft.run(command.toString());
        } catch (NetlinkFailure e) {
            if (e.is(Errno.EINVAL)) { // all that libnftables says of a table that is not there
                return "";
            }
            throw e;
        }
        try {
            JsonNode tree = JSON.readTree(listed);
            withoutHandles(tree);
            return tree.toString();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("libnftables lists what is no JSON", e);
        }
    }

    private static void withoutHandles(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("handle");
        }
        node.forEach(NatTable::withoutHandles);
    }
}
