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

    /// As [#wanted], for the objects of one link only: called for each event of a link, so it must be cheap.
    DesiredState wantedOn(int linkIndex);

    /// Whether a request of this process caused the event.
    boolean isOwn(KernelEvent event);

    /// Runs the work unless the pod's desired state has changed. It does not change meanwhile.
    ///
    /// @return whether it was done
    boolean whileWanted(DesiredPod pod, Work work) throws IOException;

    /// As for a pod.
    boolean whileWanted(DesiredEni eni, Work work) throws IOException;

    /// Replaces our tables that are not as they should be.
    ///
    /// @return their names
    List<String> repairTables() throws IOException;

    /// The chains of the node's firewall that drop packets of pods now. They belong to the node and are not
    /// repaired.
    List<ForwardDrop> forwardDrops() throws IOException;
}
