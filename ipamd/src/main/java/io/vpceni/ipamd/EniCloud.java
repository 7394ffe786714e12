package io.vpceni.ipamd;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.EniFailure;
import io.vpceni.eni.NodeEnis;
import io.vpceni.ipamd.owner.CloudWork;
import io.vpceni.ipamd.owner.NodeCloud;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.GrowthObstacle;
import java.util.List;

/// [NodeCloud] by [NodeEnis].
record EniCloud(NodeEnis enis) implements NodeCloud {
    @Override
    public List<Cidr> assign(EniId eni, BlockKind kind, int count) throws EniFailure, InterruptedException {
        return CloudWork.blocks(enis.assignAddresses(eni, count));
    }

    @Override
    public AttachedEni add(int networkCard, BlockKind kind, int count) throws EniFailure, InterruptedException {
        return enis.addEni(count);
    }

    @Override
    public void unassign(EniId eni, List<Cidr> blocks) throws EniFailure {
        throw notYet();
    }

    @Override
    public void remove(EniId eni) throws EniFailure {
        throw notYet();
    }

    @Override
    public List<AttachedEni> view() throws EniFailure {
        throw notYet();
    }

    private static EniFailure notYet() {
        return new EniFailure(GrowthObstacle.OTHER, "ENIs only grow", List.of(), null);
    }
}
