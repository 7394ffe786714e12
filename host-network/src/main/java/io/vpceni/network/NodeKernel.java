package io.vpceni.network;

import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.network.drift.DriftListener;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/// All that ipamd asks of the node's kernel. [HostNetwork] is it; a test, or the training run of the ahead-of-time
/// cache, has one of its own and needs no root.
public interface NodeKernel extends PodKernel, EniKernel, AutoCloseable {
    /// What is wired, as the kernel remembers it.
    HostSurvey survey() throws NetworkFailure;

    /// The same, for a start.
    ///
    /// @param records of earlier ipamd processes, older ones first
    HostSurvey survey(List<RecordedPod> records) throws NetworkFailure;

    /// Sandboxes that are kept here and whose link the survey shows without an alias of ours.
    List<WiredPodFound> nameless(HostSurvey survey);

    /// Deletes rules of pods that no sandbox stands behind.
    ///
    /// @param ownAddresses secondary addresses of the node's ENIs; rules about others stay
    /// @return how many rules went
    int sweep(HostSurvey survey, Set<InetAddress> ownAddresses) throws NetworkFailure;

    /// These sandboxes were wired before this process and stay. For the start, before any wiring.
    void keep(HostSurvey survey, List<PodWiring> pods);

    /// From now on pods send with their own addresses only. For the start, after [#keep].
    void filterPods(HostSurvey survey) throws NetworkFailure;

    /// Deletes one of our links whose sandbox was unwired. Gone already: fine.
    void removeLink(String hostInterface) throws NetworkFailure;

    /// What other CNI plugins left on the node. Reads only.
    List<Leftover> leftovers() throws NetworkFailure;

    /// Takes the AWS VPC CNI's rules out of nftables, all of them or none.
    ///
    /// @return whether there were any
    boolean removeAwsRules() throws NetworkFailure;

    /// From now on what somebody else changes in the kernel is repaired. Once.
    ///
    /// @param nanos the time in nanoseconds since whenever
    void watchDrift(DriftListener listener, LongSupplier nanos) throws NetworkFailure;

    /// Netlink messages that did not come from the kernel; none of them was believed.
    ForeignDatagrams.Seen foreignDatagrams();

    /// What pods' packets were dropped for since the last call.
    List<PodDrops> podDrops() throws NetworkFailure;

    @Override
    void close();
}
