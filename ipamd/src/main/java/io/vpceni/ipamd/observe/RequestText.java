package io.vpceni.ipamd.observe;

import io.vpceni.config.Count;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;

/// A request of the pool in words.
final class RequestText {
    private RequestText() {}

    static String of(Effect.Request request) {
        return switch (request) {
            case Effect.AssignBlocks assign -> blocks(assign.count(), assign.kind()) + " more on " + assign.eni();
            case Effect.AddEni add ->
                "a new ENI on network card " + add.networkCard() + " with " + blocks(add.count(), add.kind());
            case Effect.Verify verify -> "what EC2 and the kernel say about " + verify.eni();
            case Effect.Unassign unassign ->
                "the return of " + Count.of(unassign.blocks().size(), "block", "blocks") + " of " + unassign.eni();
            case Effect.RemoveEni remove -> "the return of " + remove.eni();
        };
    }

    private static String blocks(int count, BlockKind kind) {
        return switch (kind) {
            case ADDRESS -> Count.of(count, "address", "addresses");
            case PREFIX -> Count.of(count, "prefix", "prefixes");
            case IPV6_PREFIX -> Count.of(count, "IPv6 prefix", "IPv6 prefixes");
        };
    }
}
