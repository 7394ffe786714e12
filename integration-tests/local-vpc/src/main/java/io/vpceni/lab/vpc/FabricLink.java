package io.vpceni.lab.vpc;

import io.vpceni.config.DeviceSlot;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.world.LabSubnet;
import java.net.InetAddress;

/// An ENI's link: one end in its node, with the ENI's MAC, the other at the router.
///
/// @param number from 1, never used twice in a VPC
record FabricLink(int number, FabricEni eni, LabSubnet subnet, VpcNode node) {
    private static final int FIRST_SLOT = 5; // a Nitro instance's first ENI is ens5
    private static final int SLOTS_PER_CARD = 32;

    String routerName() {
        return "l" + number;
    }

    String nodeName() {
        return "ens" + (FIRST_SLOT + eni.networkCard() * SLOTS_PER_CARD + eni.deviceIndex());
    }

    boolean primaryEni() {
        return new DeviceSlot(eni.networkCard(), eni.deviceIndex()).isPrimary();
    }

    InetAddress primaryAddress() {
        return eni.addresses().getFirst();
    }

    FabricLink with(FabricEni changed) {
        return new FabricLink(number, changed, subnet, node);
    }
}
