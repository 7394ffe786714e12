package io.vpceni.ipamd;

import io.vpceni.config.MacAddress;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.drift.DriftKind;
import io.vpceni.network.drift.DriftListener;
import io.vpceni.network.firewall.ForwardDrop;
import io.vpceni.pool.EniId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Counts the drift that was found and repaired, and tells the ENIs' owner which ENIs have lost their link or carrier.
final class DriftReports implements DriftListener {

    private final Metrics metrics;
    private final Function<MacAddress, Optional<EniId>> eniWith;
    private final EniSubsystem enis;
    private final FirewallReports firewall;

    /// For each ENI the latest state that its owner was not told of yet; only the latest, so that a flapping
    /// link is reported in the right order.
    private final SequencedMap<EniId, Optional<String>> untold = new LinkedHashMap<>();

    private boolean telling;

    /// @param eniWith which ENI has which MAC address
    DriftReports(
            Metrics metrics,
            Function<MacAddress, Optional<EniId>> eniWith,
            EniSubsystem enis,
            FirewallReports firewall) {
        this.metrics = metrics;
        this.eniWith = eniWith;
        this.enis = enis;
        this.firewall = firewall;
    }

    @Override
    public void checked() {
        metrics.driftChecked();
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
    public void forwardDrops(List<ForwardDrop> drops) {
        firewall.now(drops);
    }

    @Override
    public void eniLost(MacAddress eni, String reason) {
        eniWith.apply(eni).ifPresent(id -> tell(id, Optional.of(reason)));
    }

    @Override
    public void eniBack(MacAddress eni) {
        eniWith.apply(eni).ifPresent(id -> tell(id, Optional.empty()));
    }

    /// The mailbox may be full, and repairs must not wait for it.
    private void tell(EniId eni, Optional<String> reason) {
        synchronized (untold) {
            untold.put(eni, reason);
            if (telling) {
                return;
            }
            telling = true;
        }
        Thread.ofVirtual().name("eni-link-news").start(this::tellAll);
    }

    private void tellAll() {
        try {
            for (Map.Entry<EniId, Optional<String>> next = next(); next != null; next = next()) {
                enis.linkChanged(next.getKey(), next.getValue());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops
        }
    }

    private Map.@Nullable Entry<EniId, Optional<String>> next() {
        synchronized (untold) {
            Map.Entry<EniId, Optional<String>> first = untold.pollFirstEntry();
            telling = first != null;
            return first;
        }
    }
}
