package io.vpceni.ipamd.owner;

import io.vpceni.config.Cidr;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.EniFailure;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.util.List;

/// What ipamd asks of EC2 about this node's ENIs. Every method blocks for as long as EC2 takes.
public interface NodeCloud {
    /// @return blocks that were not on the ENI before; perhaps fewer than asked for
    List<Cidr> assign(EniId eni, BlockKind kind, int count) throws EniFailure, InterruptedException;

    /// Makes an ENI with its blocks and attaches it.
    AttachedEni add(int networkCard, BlockKind kind, int count) throws EniFailure, InterruptedException;

    /// Returns when EC2 has taken the blocks back; some that were gone already are no error.
    void unassign(EniId eni, List<Cidr> blocks) throws EniFailure, InterruptedException;

    /// Detaches and deletes.
    void remove(EniId eni) throws EniFailure, InterruptedException;

    /// The ENIs that are attached to this node, with their blocks, asked of EC2 now.
    List<AttachedEni> view() throws EniFailure, InterruptedException;

    /// Deletes ENIs that this node made and that are attached to nothing: an earlier life ended between two calls.
    void sweepUnattached() throws EniFailure, InterruptedException;
}
