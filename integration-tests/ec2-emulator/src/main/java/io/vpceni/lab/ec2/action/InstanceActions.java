package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Instance;
import io.vpceni.lab.ec2.model.InstanceState;
import io.vpceni.lab.ec2.model.Instances;
import io.vpceni.lab.ec2.model.NetworkInterface;
import io.vpceni.lab.ec2.model.Resource;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.ClientTokens;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.ResultPage;
import io.vpceni.lab.ec2.query.Xml;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// RunInstances, TerminateInstances, DescribeInstances, DescribeInstanceStatus.
final class InstanceActions {
    private static final int PAGE_MAX = 1000;

    private final Ec2State state;
    private final Instances instances;
    private final InstanceXml shape;
    private final ClientTokens tokens = new ClientTokens();
    private final FilterTable<Instance> filters;
    private final FilterTable<Instance> statusFilters;

    InstanceActions(Ec2State state, Instances instances) {
        this.state = state;
        this.instances = instances;
        this.shape = new InstanceXml(state);
        this.statusFilters = new FilterTable<Instance>(Resource::tags)
                .with("availability-zone", instance -> instance.subnet().zone())
                .with("instance-state-name", this::stateName)
                .with("instance-state-code", this::stateCode);
        this.filters = new FilterTable<Instance>(Resource::tags)
                .with("instance-id", Instance::id)
                .with("instance-type", instance -> instance.type().name())
                .with("image-id", instance -> instance.launch().imageId())
                .with("availability-zone", instance -> instance.subnet().zone())
                .with("subnet-id", instance -> instance.subnet().id())
                .with("vpc-id", instance -> instance.subnet().vpc().id())
                .with("reservation-id", Instance::reservationId)
                .with("owner-id", instance -> state.accountId())
                .with("instance-state-name", this::stateName)
                .with("instance-state-code", this::stateCode)
                .withMany(
                        "private-ip-address",
                        instance -> state.interfacesOf(instance).stream()
                                .limit(1)
                                .map(eni -> eni.primaryAddress().getHostAddress()))
                .withMany(
                        "network-interface.network-interface-id",
                        instance -> state.interfacesOf(instance).stream().map(NetworkInterface::id));
    }

    private String stateName(Instance instance) {
        return instance.state(state.now()).text();
    }

    private String stateCode(Instance instance) {
        return Integer.toString(instance.state(state.now()).code());
    }

    Map<String, Action> all() {
        return Map.of(
                "RunInstances", this::run,
                "TerminateInstances", this::terminate,
                "DescribeInstances", this::describe,
                "DescribeInstanceStatus", this::describeStatus);
    }

    private Operation run(Parameters parameters) {
        LaunchParameters launch = LaunchParameters.read(parameters);
        ClientTokens.read(parameters);
        return xml -> {
            Optional<String> earlier = tokens.created(parameters);
            List<Instance> launched = earlier.isPresent()
                    ? ofReservation(earlier.get())
                    : instances.run(launch.toLaunch(state), launch.min(), launch.max());
            tokens.remember(parameters, launched.getFirst().reservationId());
            shape.reservation(xml, launched);
        };
    }

    private List<Instance> ofReservation(String reservationId) {
        List<Instance> found = state.instances().all().stream()
                .filter(instance -> instance.reservationId().equals(reservationId))
                .sorted(Comparator.comparingInt(Instance::launchIndex))
                .toList();
        if (found.isEmpty() || found.stream().anyMatch(Instance::isTerminating)) {
            throw new Ec2Refusal(
                    "IdempotentInstanceTerminated",
                    "The client token was used before for an instance that is terminated");
        }
        return found;
    }

    private Operation terminate(Parameters parameters) {
        List<String> ids = parameters.requiredList("InstanceId");
        return xml -> {
            List<Instance> chosen = List.copyOf(state.instances().select(ids));
            SortedMap<String, InstanceState> before = new TreeMap<>();
            chosen.forEach(instance -> before.put(instance.id(), instance.state(state.now())));
            chosen.forEach(instances::terminate);
            xml.list("instancesSet", chosen, instance -> {
                xml.text("instanceId", instance.id());
                InstanceXml.state(xml, "currentState", instance.state(state.now()));
                InstanceXml.state(xml, "previousState", before.getOrDefault(instance.id(), InstanceState.RUNNING));
            });
        };
    }

    private Operation describe(Parameters parameters) {
        List<String> ids = parameters.list("InstanceId");
        Predicate<Instance> filter = filters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, !ids.isEmpty());
        return xml -> {
            SortedMap<String, List<Instance>> byReservation = state.instances().select(ids).stream()
                    .filter(filter)
                    .collect(Collectors.groupingBy(Instance::reservationId, TreeMap::new, Collectors.toList()));
            page.write(
                    xml,
                    "reservationSet",
                    List.copyOf(byReservation.values()),
                    reservation -> reservation.getFirst().reservationId(),
                    reservation -> shape.reservation(xml, reservation));
        };
    }

    private Operation describeStatus(Parameters parameters) {
        List<String> ids = parameters.list("InstanceId");
        boolean all = parameters.flag("IncludeAllInstances").orElse(false);
        Predicate<Instance> filter = statusFilters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, !ids.isEmpty());
        return xml -> page.write(
                xml,
                "instanceStatusSet",
                state.instances().select(ids).stream()
                        .filter(instance -> all || instance.state(state.now()) == InstanceState.RUNNING)
                        .filter(filter)
                        .toList(),
                Instance::id,
                instance -> status(xml, instance));
    }

    private void status(Xml xml, Instance instance) {
        InstanceState now = instance.state(state.now());
        String health = now == InstanceState.RUNNING ? "ok" : "not-applicable";
        xml.text("instanceId", instance.id())
                .text("availabilityZone", instance.subnet().zone());
        InstanceXml.state(xml, "instanceState", now);
        xml.element("instanceStatus", () -> xml.text("status", health))
                .element("systemStatus", () -> xml.text("status", health));
    }
}
