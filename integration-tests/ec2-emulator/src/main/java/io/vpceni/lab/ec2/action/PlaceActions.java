package io.vpceni.lab.ec2.action;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// DescribeRegions, DescribeAvailabilityZones: one region, three zones.
final class PlaceActions {
    private final Ec2State state;

    PlaceActions(Ec2State state) {
        this.state = state;
    }

    Map<String, Action> all() {
        return Map.of(
                "DescribeRegions", this::describeRegions,
                "DescribeAvailabilityZones", this::describeAvailabilityZones);
    }

    private Operation describeRegions(Parameters parameters) {
        List<String> names = parameters.list("RegionName");
        parameters.flag("AllRegions");
        Predicate<String> filter = new FilterTable<String>(region -> Map.of())
                .with("region-name", region -> region)
                .read(parameters);
        List<String> regions = List.of(state.region().name());
        return xml -> xml.list(
                "regionInfo",
                chosen(regions, names, filter),
                region -> xml.text("regionName", region)
                        .text(
                                "regionEndpoint",
                                "ec2." + region + "." + state.region().servicesDomain())
                        .text("optInStatus", "opt-in-not-required"));
    }

    private Operation describeAvailabilityZones(Parameters parameters) {
        List<String> names = parameters.list("ZoneName");
        parameters.flag("AllAvailabilityZones");
        Predicate<String> filter = new FilterTable<String>(zone -> Map.of())
                .with("zone-name", zone -> zone)
                .with("zone-id", zone -> Region.zoneId(zone))
                .with("region-name", zone -> state.region().name())
                .with("state", zone -> "available")
                .read(parameters);
        return xml -> xml.list("availabilityZoneInfo", chosen(state.zones(), names, filter), zone -> zone(xml, zone));
    }

    private void zone(Xml xml, String zone) {
        xml.text("zoneName", zone)
                .text("zoneId", Region.zoneId(zone))
                .text("zoneState", "available")
                .text("regionName", state.region().name())
                .text("zoneType", "availability-zone")
                .text("optInStatus", "opt-in-not-required")
                .text("groupName", state.region().name());
    }

    private static List<String> chosen(List<String> all, List<String> names, Predicate<String> filter) {
        return all.stream()
                .filter(name -> names.isEmpty() || names.contains(name))
                .filter(filter)
                .toList();
    }
}
