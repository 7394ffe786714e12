package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Attachments;
import io.vpceni.lab.ec2.model.CidrReservations;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Instances;
import io.vpceni.lab.ec2.model.Interfaces;
import io.vpceni.lab.ec2.model.Ipv6Addresses;
import io.vpceni.lab.ec2.model.Networks;
import io.vpceni.lab.ec2.model.PrivateAddresses;
import io.vpceni.lab.ec2.query.Action;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// All actions by name.
public final class ActionCatalog {
    private final SortedMap<String, Action> byName = new TreeMap<>();

    public ActionCatalog(Ec2State state) {
        Networks networks = new Networks(state);
        Interfaces interfaces = new Interfaces(state);
        Attachments attachments = new Attachments(state);
        add(new NetworkActions(state, networks).all());
        add(new SecurityGroupActions(state, networks).all());
        add(new InstanceActions(state, new Instances(state, interfaces, attachments)).all());
        add(new InstanceTypeActions(state.types()).all());
        add(new InterfaceActions(state, interfaces).all());
        add(new InterfaceAttributeActions(state, interfaces).all());
        add(new AttachmentActions(state, attachments).all());
        add(new AddressActions(state, new PrivateAddresses(state)).all());
        add(new Ipv6Actions(state, new Ipv6Addresses(state)).all());
        add(new CidrReservationActions(state, new CidrReservations(state)).all());
        add(new TagActions(state).all());
        add(new PlaceActions(state).all());
    }

    private void add(Map<String, Action> family) {
        family.forEach((name, action) -> {
            if (byName.put(name, action) != null) {
                throw new IllegalStateException(name + " is there twice");
            }
        });
    }

    public SortedMap<String, Action> byName() {
        return Collections.unmodifiableSortedMap(byName);
    }
}
