package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.CidrReservation;
import io.vpceni.lab.ec2.model.CidrReservations;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Resource;
import io.vpceni.lab.ec2.model.Subnet;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.ResultPage;
import io.vpceni.lab.ec2.query.TagParameters;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;

/// CreateSubnetCidrReservation, GetSubnetCidrReservations, DeleteSubnetCidrReservation.
final class CidrReservationActions {
    private static final int PAGE_MAX = 1000;

    private final Ec2State state;
    private final CidrReservations reservations;
    private final FilterTable<CidrReservation> filters = new FilterTable<CidrReservation>(Resource::tags)
            .with("reservationType", CidrReservation::type)
            .with("subnet-id", reservation -> reservation.subnet().id());

    CidrReservationActions(Ec2State state, CidrReservations reservations) {
        this.state = state;
        this.reservations = reservations;
    }

    Map<String, Action> all() {
        return Map.of(
                "CreateSubnetCidrReservation", this::create,
                "GetSubnetCidrReservations", this::get,
                "DeleteSubnetCidrReservation", this::delete);
    }

    private Operation create(Parameters parameters) {
        String subnetId = parameters.required("SubnetId");
        String cidr = parameters.required("Cidr");
        String type = parameters.required("ReservationType");
        String _ = parameters.word("ReservationType", type, "prefix", "explicit");
        String description = parameters.text("Description", "");
        SortedMap<String, String> tags = TagParameters.readSpecification(parameters, "subnet-cidr-reservation");
        return xml -> {
            CidrReservation made =
                    reservations.create(state.subnets().get(subnetId), cidr, type.equals("prefix"), description, tags);
            xml.element("subnetCidrReservation", () -> reservation(xml, made));
        };
    }

    private Operation get(Parameters parameters) {
        String subnetId = parameters.required("SubnetId");
        Predicate<CidrReservation> filter = filters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, false);
        return xml -> {
            Subnet subnet = state.subnets().get(subnetId);
            List<CidrReservation> found = state.reservations().all().stream()
                    .filter(reservation -> reservation.subnet().id().equals(subnet.id()))
                    .filter(filter)
                    .toList();
            page.write(
                    xml,
                    "subnetIpv4CidrReservationSet",
                    found.stream()
                            .filter(reservation -> reservation.ipv4().isPresent())
                            .toList(),
                    CidrReservation::id,
                    reservation -> reservation(xml, reservation));
            xml.list(
                    "subnetIpv6CidrReservationSet",
                    found.stream()
                            .filter(reservation -> reservation.ipv6().isPresent())
                            .toList(),
                    reservation -> reservation(xml, reservation));
        };
    }

    private Operation delete(Parameters parameters) {
        String id = parameters.required("SubnetCidrReservationId");
        return xml -> {
            CidrReservation doomed = state.reservations().get(id);
            reservations.delete(doomed);
            xml.element("deletedSubnetCidrReservation", () -> reservation(xml, doomed));
        };
    }

    private void reservation(Xml xml, CidrReservation reservation) {
        xml.text("subnetCidrReservationId", reservation.id())
                .text("subnetId", reservation.subnet().id())
                .text("cidr", reservation.cidr())
                .text("reservationType", reservation.type())
                .text("ownerId", state.accountId())
                .text("description", reservation.description())
                .tags(reservation.tags());
    }
}
