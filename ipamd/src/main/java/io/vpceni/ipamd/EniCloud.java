package io.vpceni.ipamd;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.EniFailure;
import io.vpceni.eni.NodeEnis;
import io.vpceni.ipamd.owner.NodeCloud;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.util.List;

/// [NodeCloud] by [NodeEnis].
record EniCloud(NodeEnis enis) implements NodeCloud {
    @Override
    public List<Cidr> assign(EniId eni, BlockKind kind, int count) throws EniFailure, InterruptedException {
        return enis.assign(eni, kind, count);
    }

    @Override
    public AttachedEni add(int networkCard, BlockKind kind, int count) throws EniFailure, InterruptedException {
        return enis.addEni(networkCard, kind, count);
    }

    @Override
    public void unassign(EniId eni, List<Cidr> blocks) throws EniFailure, InterruptedException {
        enis.unassign(eni, blocks);
    }

    @Override
    public void remove(EniId eni) throws EniFailure, InterruptedException {
        enis.remove(eni);
    }

    @Override
    public List<AttachedEni> view() throws EniFailure, InterruptedException {
        return enis.view();
    }

    @Override
    public void sweepUnattached() throws EniFailure, InterruptedException {
        var _ = enis.sweepUnattached(); // logs what it deletes
    }
}
