package io.vpceni.lab.simulate;

import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.pool.Message;

/// What happens to the node itself: to ipamd, its disks and its links.
final class NodeAccidents {
    private final Owners owners;
    private final Checker checker;
    private final SimDisk disk;
    private final SimIntents intents;
    private final SimLinks links;
    private final WaitingRequests requests;
    private final Runnable crash;

    NodeAccidents(
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

    void crash() {
        crash.run();
    }

    void fillDisk() {
        disk.full(true);
    }

    void fillIntents() {
        intents.full(true);
    }

    void freeDisks() {
        disk.full(false);
        intents.full(false);
    }

    void repeatLink() {
        links.repeat();
    }

    /// The instance is about to be terminated.
    void end() {
        checker.enis().ends(requests.open());
        owners.hear(new EniMessage.NodeEnds());
    }

    void tick() {
        owners.deliver(new Message.Tick());
    }
}
