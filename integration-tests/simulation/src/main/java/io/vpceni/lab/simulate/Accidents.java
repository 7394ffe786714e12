package io.vpceni.lab.simulate;

import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.pool.Message;

/// What happens in a world by itself, one thing at a time.
final class Accidents {
    private final SimWorld world;
    private final KernelAccidents kernel;

    /// Tides: about how many pods the runtime wants to run.
    private int podsWanted;

    Accidents(SimWorld world) {
        this.world = world;
        this.kernel = new KernelAccidents(world);
        this.podsWanted = world.terms().podsWanted();
    }

    int podsWanted() {
        return podsWanted;
    }

    /// Some pods at once.
    void burst() {
        int count = 1 + world.choices().of(12);
        for (int i = 0; i < count; i++) {
            if (world.runtime().count() <= podsWanted) {
                var _ = world.runtime().add();
            }
        }
    }

    void happen() {
        SimRuntime runtime = world.runtime();
        ForeignEc2Changes byHand = world.byHand();
        switch (world.choices().of(23)) {
            case 0 -> on(SimulatedFault.CRASH, world::crash);
            case 1 -> on(SimulatedFault.DEL_LOST, runtime::loseDel);
            case 2 -> on(SimulatedFault.DEL_OVERTAKES_ADD, runtime::overtake);
            case 3 -> on(SimulatedFault.ADD_REPEATED, runtime::addAgain);
            case 4 -> on(SimulatedFault.DEL_REPEATED, runtime::delAgain);
            case 5 -> on(SimulatedFault.DISK_FULL, () -> world.disk().full(true));
            case 6 -> on(SimulatedFault.INTENTS_FULL, () -> world.intents().full(true));
            case 7, 8 -> {
                world.disk().full(false);
                world.intents().full(false);
            }
            case 9 -> on(SimulatedFault.SUBNET_FILLED, this::fill);
            case 10 -> on(SimulatedFault.BLOCK_TAKEN, byHand::takeBlock);
            case 11 -> on(SimulatedFault.BLOCK_GIVEN, byHand::giveBlock);
            case 12 -> on(SimulatedFault.ENI_DETACHED, () -> byHand.detach(false));
            case 13 -> on(SimulatedFault.ENI_DELETED, byHand::delete);
            case 14 -> on(SimulatedFault.ENI_ATTACHED, byHand::attach);
            case 15 -> on(SimulatedFault.TAG_CHANGED, byHand::retag);
            case 16 -> on(SimulatedFault.OTHER_NODES_ENI, byHand::othersBirth);
            case 17 -> on(SimulatedFault.LINK_REPEATED, world.links()::repeat);
            case 18 -> on(SimulatedFault.NODE_ENDS, this::nodeEnds);
            case 19 -> tide();
            case 20 -> on(SimulatedFault.ADD_LATE, runtime::addLate);
            case 21 -> kernel.happen();
            default -> world.deliver(new Message.Tick());
        }
    }

    private void on(SimulatedFault fault, Runnable then) {
        if (world.accident(fault)) {
            then.run();
        }
    }

    private void fill() {
        SimulatedSubnet subnet = world.ec2()
                .subnets()
                .get(world.choices().of(world.ec2().subnets().size()));
        subnet.fill(!subnet.isFilled());
    }

    private void nodeEnds() {
        world.checker().enis().ends(world.requests().open());
        world.hear(new EniMessage.NodeEnds());
    }

    private void tide() {
        if (world.choices().of(4) == 3) {
            podsWanted = world.choices().of(2 * world.terms().podsWanted() + 1);
        }
    }
}
