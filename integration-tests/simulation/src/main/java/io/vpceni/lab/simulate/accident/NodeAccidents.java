package io.vpceni.lab.simulate.accident;

import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.node.SimDisk;
import io.vpceni.lab.simulate.node.SimIntents;
import io.vpceni.lab.simulate.node.SimLinks;
import io.vpceni.lab.simulate.node.WaitingRequests;
import io.vpceni.pool.Message;

/// What happens to the node itself: to ipamd, its disks and its links.
public final class NodeAccidents {
    private final Owners owners;
    private final Checker checker;
    private final SimDisk disk;
    private final SimIntents intents;
    private final SimLinks links;
    private final WaitingRequests requests;
    private final Runnable crash;

    public NodeAccidents(
            Owners owners,
            Checker checker,
            SimDisk disk,
            SimIntents intents,
            SimLinks links,
            WaitingRequests requests,
            Runnable crash) {
        this.owners = owners;
        this.checker = checker;
        this.disk = disk;
        this.intents = intents;
        this.links = links;
        this.requests = requests;
        this.crash = crash;
    }

    public void crash() {
        crash.run();
    }

    public void fillDisk() {
        disk.full(true);
    }

    public void fillIntents() {
        intents.full(true);
    }

    public void freeDisks() {
        disk.full(false);
        intents.full(false);
    }

    public void repeatLink() {
        links.repeat();
    }

    /// The instance is about to be terminated.
    public void end() {
        checker.enis().ends(requests.open());
        owners.hear(new EniMessage.NodeEnds());
    }

    public void tick() {
        owners.deliver(new Message.Tick());
    }
}
