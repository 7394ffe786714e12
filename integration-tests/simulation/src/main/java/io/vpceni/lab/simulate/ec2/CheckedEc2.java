package io.vpceni.lab.simulate.ec2;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.model.Ec2Observer;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.context.SimulatedFault;
import java.time.Instant;
import java.util.List;

/// Tells the checker what EC2 is about to do at the product's request.
public final class CheckedEc2 implements Ec2Observer {
    private final SimulatedVpc vpc;
    private final Checker checker;
    private final Coverage coverage;

    public CheckedEc2(SimulatedVpc vpc, Checker checker, Coverage coverage) {
        this.vpc = vpc;
        this.checker = checker;
        this.coverage = coverage;
    }

    @Override
    public void tokenRepeated() {
        coverage.fault(SimulatedFault.TOKEN_REPEATED);
    }

    @Override
    public void created(SimulatedEni eni, Ec2Call.Create create) {
        checker.ec2Added(eni.blocks());
        checker.intents().created(eni, create);
    }

    @Override
    public void attaches(SimulatedEni eni, Ec2Call.Attach attach) {
        checker.enis().attached(eni, attach);
    }

    @Override
    public void changes(SimulatedEni eni, Ec2Call<?> call) {
        checker.enis().changed(eni, call);
    }

    @Override
    public void detaches(SimulatedEni eni, Ec2Call.Detach detach) {
        checker.detaches(eni, detach);
    }

    @Override
    public void deletes(SimulatedEni eni, Ec2Call.Delete delete, Instant now) {
        checker.enis().deleted(eni, delete, now);
    }

    @Override
    public void assigned(SimulatedEni eni, List<Cidr> blocks, Instant now) {
        checker.ec2Added(blocks);
        if (vpc.eni(eni.id()).isEmpty()) { // somebody detached it, and nobody here could know
            blocks.forEach(block -> checker.takenByOthers(block, now));
        }
    }

    @Override
    public void unassigns(Cidr block, Ec2Call.Unassign unassign) {
        checker.ec2Takes(block, unassign);
    }
}
