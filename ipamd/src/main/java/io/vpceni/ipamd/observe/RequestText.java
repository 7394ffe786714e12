package io.vpceni.ipamd.observe;

import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;

/// What the pool asked for, in words.
final class RequestText {
    private RequestText() {}

    static String of(Effect.Request request) {
        return switch (request) {
            case Effect.AssignBlocks assign -> blocks(assign.count(), assign.kind()) + " more on " + assign.eni();
            case Effect.AddEni add ->
                "a new ENI on network card " + add.networkCard() + " with " + blocks(add.count(), add.kind());
            case Effect.Verify verify -> "what EC2 and the kernel say about " + verify.eni();
            case Effect.Unassign unassign ->
                "the return of " + Wording.plural(unassign.blocks().size(), "block", "blocks") + " of "
                        + unassign.eni();
            case Effect.RemoveEni remove -> "the return of " + remove.eni();
        };
    }

    private static String blocks(int count, BlockKind kind) {
        return switch (kind) {
            case ADDRESS -> Wording.plural(count, "address", "addresses");
            case PREFIX -> Wording.plural(count, "prefix", "prefixes");
            case IPV6_PREFIX -> Wording.plural(count, "IPv6 prefix", "IPv6 prefixes");
        };
    }
}
