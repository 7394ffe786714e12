package io.vpceni.lab.simulate.accident;

import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.ec2.ForeignEc2Changes;
import io.vpceni.lab.simulate.node.SimRuntime;

/// What happens in a world by itself, one thing at a time.
public final class Accidents {
    private final RunContext run;
    private final SimRuntime runtime;
    private final ForeignEc2Changes byHand;
    private final KernelAccidents kernel;
    private final NodeAccidents node;

    /// Tides: about how many pods the runtime wants to run.
    private int podsWanted;

    private final int podsWantedAtFirst;

    public Accidents(
            RunContext run,
            WorldParameters parameters,
            SimRuntime runtime,
            ForeignEc2Changes byHand,
            KernelAccidents kernel,
            NodeAccidents node) {
        this.run = run;
        this.runtime = runtime;
        this.byHand = byHand;
        this.kernel = kernel;
        this.node = node;
        this.podsWantedAtFirst = parameters.podsWanted();
        this.podsWanted = podsWantedAtFirst;
    }

    public int podsWanted() {
        return podsWanted;
    }

    /// Some pods at once.
    public void burst() {
        int count = 1 + run.choices().of(12);
        for (int i = 0; i < count; i++) {
            if (runtime.count() <= podsWanted) {
                var _ = runtime.add();
            }
        }
    }

    public void happen() {
        Accident accident = run.choices().oneOf(Accident.WEIGHTED);
        switch (accident) {
            case CRASH -> on(SimulatedFault.CRASH, node::crash);
            case DEL_LOST -> on(SimulatedFault.DEL_LOST, runtime::loseDel);
            case DEL_OVERTAKES_ADD -> on(SimulatedFault.DEL_OVERTAKES_ADD, runtime::overtake);
            case ADD_REPEATED -> on(SimulatedFault.ADD_REPEATED, runtime::addAgain);
            case DEL_REPEATED -> on(SimulatedFault.DEL_REPEATED, runtime::delAgain);
            case DISK_FULL -> on(SimulatedFault.DISK_FULL, node::fillDisk);
            case INTENTS_FULL -> on(SimulatedFault.INTENTS_FULL, node::fillIntents);
            case DISKS_FREE -> node.freeDisks();
            case SUBNET_FILLED -> on(SimulatedFault.SUBNET_FILLED, byHand::fillSubnet);
            case BLOCK_TAKEN -> on(SimulatedFault.BLOCK_TAKEN, byHand::takeBlock);
            case BLOCK_GIVEN -> on(SimulatedFault.BLOCK_GIVEN, byHand::giveBlock);
            case ENI_DETACHED -> on(SimulatedFault.ENI_DETACHED, () -> byHand.detach(false));
            case ENI_DELETED -> on(SimulatedFault.ENI_DELETED, byHand::delete);
            case ENI_ATTACHED -> on(SimulatedFault.ENI_ATTACHED, byHand::attach);
            case TAG_CHANGED -> on(SimulatedFault.TAG_CHANGED, byHand::retag);
            case OTHER_NODES_ENI -> on(SimulatedFault.OTHER_NODES_ENI, byHand::othersBirth);
            case LINK_REPEATED -> on(SimulatedFault.LINK_REPEATED, node::repeatLink);
            case NODE_ENDS -> on(SimulatedFault.NODE_ENDS, node::end);
            case PODS_WANTED -> podsWantedChange();
            case ADD_LATE -> on(SimulatedFault.ADD_LATE, runtime::addLate);
            case KERNEL -> kernel.happen();
            case TICK -> node.tick();
        }
    }

    private void on(SimulatedFault fault, Runnable then) {
        run.faults().on(fault, then);
    }

    private void podsWantedChange() {
        if (run.choices().of(4) == 3) {
            podsWanted = run.choices().of(2 * podsWantedAtFirst + 1);
        }
    }
}
