package io.vpceni.network.firewall;

import io.vpceni.netlink.FilterExpression;
import io.vpceni.netlink.ForwardChain;
import io.vpceni.netlink.NetlinkFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A chain whose rules are each read from the kernel only once, however often rules jump to them, and only up to a
/// limit. For one check: later changes are not seen.
final class CachedChain implements ForwardChain {

    /// For all chains together. Rules beyond it are not read, and nothing is known about them.
    static final int RULES_MAX = 20_000;

    private static final List<List<FilterExpression>> UNREAD =
            List.of(List.of(new FilterExpression.Verdict(FilterExpression.Fate.UNKNOWN, "")));

    private final ForwardChain chain;
    private final Map<String, List<List<FilterExpression>>> read = new HashMap<>();
    private List<List<FilterExpression>> own = List.of();
    private boolean ownRead;
    private int rules;

    CachedChain(ForwardChain chain) {
        this.chain = chain;
    }

    @Override
    public Tool tool() {
        return chain.tool();
    }

    @Override
    public String name() {
        return chain.name();
    }

    @Override
    public boolean dropsByPolicy() {
        return chain.dropsByPolicy();
    }

    @Override
    public List<List<FilterExpression>> rules() throws NetlinkFailure {
        if (!ownRead) {
            own = chain.rules();
            ownRead = true;
            rules += own.size();
        }
        return own;
    }

    @Override
    public List<List<FilterExpression>> rules(String other) throws NetlinkFailure {
        List<List<FilterExpression>> known = read.get(other);
        if (known == null) {
            known = rules < RULES_MAX ? chain.rules(other) : UNREAD;
            rules += known.size();
            read.put(other, known);
        }
        return known;
    }

    @Override
    public List<String> chainsBeside() {
        return chain.chainsBeside();
    }
}
