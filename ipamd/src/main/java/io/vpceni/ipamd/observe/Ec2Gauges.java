package io.vpceni.ipamd.observe;

import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.ActionBudget;
import io.vpceni.eni.lifecycle.EniPhase;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.ipamd.observe.MetricFamily.Gauge;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The gauges of EC2 calls, budgets, ENIs and subnets.
final class Ec2Gauges {
    private final Supplier<Ec2Status> ec2;

    Ec2Gauges(Supplier<Ec2Status> ec2) {
        this.ec2 = ec2;
    }

    List<MetricFamily> families() {
        return List.of(
                byAction(
                        "vpceni_ec2_budget_tokens",
                        "Tokens of this node's share of the EC2 request bucket; a call needs 1 or 2",
                        ActionBudget::tokens),
                byAction(
                        "vpceni_ec2_budget_calls_per_second",
                        "Rate of calls once the tokens are used up; throttling lowers it",
                        ActionBudget::perSecond),
                byAction("vpceni_ec2_budget_queued_calls", "EC2 calls that are queued", ActionBudget::waiting),
                Gauge.single("vpceni_ec2_calls_in_flight", "EC2 calls that were sent and not answered yet", () ->
                        (long) now().calls().size()),
                Gauge.perLabel(
                        "vpceni_ec2_circuit",
                        "1 for the current state of the EC2 circuit breaker",
                        "state",
                        this::circuit),
                Gauge.perLabel("vpceni_enis", "ENIs by phase", "phase", this::stages),
                Gauge.single(
                        "vpceni_subnets_backing_off",
                        "Subnets that were out of addresses and are not tried for a while",
                        this::backingOff),
                Gauge.single(
                        "vpceni_eni_operations_open", "Operations on ENIs that were begun and have not ended", () ->
                                (long) now().openIntents()),
                Gauge.single(
                        "vpceni_node_terminating",
                        "1 when this instance is being terminated, else 0",
                        () -> now().ending() ? 1L : 0L));
    }

    private Ec2Status now() {
        return ec2.get();
    }

    private MetricFamily byAction(String name, String help, Function<ActionBudget, Number> value) {
        return Gauge.perLabel(name, help, "action", () -> {
            SortedMap<String, Number> values = new TreeMap<>();
            now().budget()
                    .actions()
                    .forEach(action -> values.put(action.action().apiName(), value.apply(action)));
            return values;
        });
    }

    private SortedMap<String, Number> circuit() {
        SortedMap<String, Number> states = new TreeMap<>();
        for (Ec2Circuit state : Ec2Circuit.values()) {
            states.put(label(state), state == now().circuit() ? 1L : 0L);
        }
        return states;
    }

    private SortedMap<String, Number> stages() {
        Map<EniPhase, Long> counts = new EnumMap<>(EniPhase.class);
        for (EniPhase stage : EniPhase.values()) {
            counts.put(stage, 0L);
        }
        for (EniStatus eni : now().enis()) {
            counts.merge(eni.phase(), 1L, Long::sum);
        }
        SortedMap<String, Number> named = new TreeMap<>();
        counts.forEach((stage, count) -> named.put(label(stage), count));
        return named;
    }

    private Number backingOff() {
        return now().subnets().stream()
                .filter(subnet -> subnet.backoffUntil() != null || subnet.prefixBackoffUntil() != null)
                .count();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
