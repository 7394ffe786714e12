package io.vpceni.pool.policy;

/// For IPv6: one prefix outlasts any node, so one is wanted and it never goes away.
record OneBlock() implements Policy {

    @Override
    public String name() {
        return "one-block";
    }

    @Override
    public Wanted want(Summary summary) {
        int more = summary.available() > 0 ? 0 : 1;
        return new Wanted(more, 0, Wanted.Unit.BLOCK, () -> "one IPv6 prefix has more addresses than a node has pods");
    }
}
