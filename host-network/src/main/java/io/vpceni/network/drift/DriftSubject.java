package io.vpceni.network.drift;

import io.vpceni.netlink.KernelEvent;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.network.firewall.ForwardDrop;
import java.io.IOException;
import java.util.List;

/// The node's network as its owner knows it. Called on the thread that repairs.
public interface DriftSubject {

    /// A repair.
    @FunctionalInterface
    interface Work {
        void run() throws NetlinkFailure;
    }

    DesiredState wanted();

    /// As [#wanted], of what hangs on one link: asked for each event of a link, so nothing else is put together.
    DesiredState wantedOn(int linkIndex);

    /// Whether a request of this process brought that about.
    boolean isOwn(KernelEvent event);

    /// Does it unless the pod is not wanted like this any more; it stays wanted meanwhile.
    ///
    /// @return whether it was done
    boolean whileWanted(DesiredPod pod, Work work) throws IOException;

    /// As for a pod.
    boolean whileWanted(DesiredEni eni, Work work) throws IOException;

    /// Replaces those of our tables that are not as they should be.
    ///
    /// @return their names
    List<String> repairTables() throws IOException;

    /// The chains of the node's firewall in which packets of pods end now. They are nobody's to repair but the node's.
    List<ForwardDrop> forwardDrops() throws IOException;
}
