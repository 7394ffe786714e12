package io.vpceni.ipamd;

import io.vpceni.config.MacAddress;
import io.vpceni.ipamd.cni.KernelWires;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.drift.DriftKind;
import io.vpceni.network.drift.DriftListener;
import io.vpceni.pool.EniId;
import java.util.Optional;

/// Counts what was found changed in the kernel, and tells the ENIs' owner which of them carry nothing.
final class DriftReports implements DriftListener {

    private final Metrics metrics;
    private final KernelWires wires;
    private final CloudSide cloud;

    /// @param wires knows which ENI has which MAC address
    DriftReports(Metrics metrics, KernelWires wires, CloudSide cloud) {
        this.metrics = metrics;
        this.wires = wires;
        this.cloud = cloud;
    }

    @Override
    public void repaired(DriftKind kind, int count) {
        metrics.driftRepaired(kind.label(), count);
    }

    @Override
    public void left(DriftKind kind, int count) {
        metrics.driftLeft(kind.label(), count);
    }

    @Override
    public void eniLost(MacAddress eni, String reason) {
        wires.eniWith(eni).ifPresent(id -> tell(id, Optional.of(reason)));
    }

    @Override
    public void eniBack(MacAddress eni) {
        wires.eniWith(eni).ifPresent(id -> tell(id, Optional.empty()));
    }

    /// The mailbox may be full, and repairs must not wait for it.
    private void tell(EniId eni, Optional<String> reason) {
        Thread.ofVirtual().name("eni-link-news").start(() -> {
            try {
                cloud.linkChanged(eni, reason);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
