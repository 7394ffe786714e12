package io.vpceni.ipamd;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.network.firewall.ForwardDrop;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports which chains of the node's firewall drop pods' packets: in the log once for each change, in the text of
/// `/readyz`, and as a metric.
///
/// The node stays ready: ADDs and DELs succeed, and packets of the node itself, such as probes, reach the pods. A node
/// that is not ready gets no pods and shows nobody the reason; and a rule set that is just being loaded would take all
/// pods out of their Services.
final class FirewallReports {
    private static final Logger log = LoggerFactory.getLogger(FirewallReports.class);

    private final Metrics metrics;
    private final Readiness readiness;
    private List<ForwardDrop> last = List.of();

    FirewallReports(Metrics metrics, Readiness readiness) {
        this.metrics = metrics;
        this.readiness = readiness;
    }

    /// @param drops all current ones; called by one thread
    void now(List<ForwardDrop> drops) {
        if (drops.equals(last)) {
            return;
        }
        drops.stream().filter(drop -> !last.contains(drop)).forEach(FirewallReports::say);
        if (drops.isEmpty()) {
            log.atInfo().log("The node's firewall forwards pods' packets again");
        }
        last = List.copyOf(drops);
        metrics.forwardDrops(
                drops.stream().filter(ForwardDrop::isCertain).count(),
                drops.stream().filter(drop -> !drop.isCertain()).count());
        readiness.warn(drops.stream()
                .map(drop -> drop.text() + "; to let them pass: " + drop.command())
                .collect(Collectors.joining("; and ")));
    }

    private static void say(ForwardDrop drop) {
        log.atWarn()
                .addKeyValue("chain", drop.chain())
                .addKeyValue("fromPods", drop.fromPods())
                .addKeyValue("toPods", drop.toPods())
                .addKeyValue("remedy", drop.command())
                .log(
                        drop.isCertain()
                                ? "The node's firewall drops packets of pods. ipamd changes nobody's firewall, and no"
                                        + " rule of its own could let them pass: run the command"
                                : "The node's firewall may drop packets of pods: it drops what none of its rules lets"
                                        + " pass, and not all of them could be read. If pods reach nothing, run the"
                                        + " command");
    }
}
