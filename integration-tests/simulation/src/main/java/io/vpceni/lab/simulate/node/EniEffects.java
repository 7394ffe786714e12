package io.vpceni.lab.simulate.node;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.port.PlantedMutant;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.util.List;

/// What the machine of ENIs asks for: calls, links, looks at the kernel, and messages to the pool.
public final class EniEffects implements EniLoop.Outside {
    private final RunContext run;
    private final PlantedMutant mutant;
    private final Checker checker;
    private final CallsUnderWay calls;
    private final SimLinks links;
    private final MessageQueue post;

    public EniEffects(
            RunContext run,
            PlantedMutant mutant,
            Checker checker,
            CallsUnderWay calls,
            SimLinks links,
            MessageQueue post) {
        this.run = run;
        this.mutant = mutant;
        this.checker = checker;
        this.calls = calls;
        this.links = links;
        this.post = post;
    }

    @Override
    public void call(long call, Ec2Call<?> what, List<Long> requests) {
        mutant.call(call, what, calls::submit);
    }

    @Override
    public void setUpLink(LinkPlan link, List<Long> requests) {
        run.note(link);
        mutant.link(link, links::setUp);
    }

    @Override
    public void takeDownLink(EniId eni, List<Long> requests) {
        links.takeDown(eni);
        checker.enis().takesDown(eni);
    }

    @Override
    public void askKernel(long look) {
        calls.askKernel(look);
    }

    @Override
    public void tell(Message message) {
        mutant.tells(message, post::mail);
    }

    @Override
    public void noticed(EniNotice notice) {
        run.coverage().notice(notice);
        run.note(notice);
    }
}
