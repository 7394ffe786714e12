package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The looks at EC2 and the kernel that ipamd takes each minute, and those that arrive late.
final class Views {
    private static final Duration EACH = Duration.ofSeconds(60);
    private static final int LATE_MILLIS_MAX = 30_000;

    private record Late(Message view, Instant arrives) {}

    private final World world;

    /// ENIs whose links this life of ipamd has set up, or that it has taken down: others are new when EC2 lists them.
    private final Set<EniId> known = new HashSet<>();

    private final List<Late> late = new ArrayList<>();
    private Instant ec2At;
    private Instant kernelAt;

    Views(World world) {
        this.world = world;
        this.ec2At = world.now();
        this.kernelAt = world.now();
    }

    /// ipamd ended: the next life sets the links up anew.
    void forget() {
        known.clear();
    }

    /// The link of an ENI was set up, or taken down.
    void knows(EniId eni) {
        known.add(eni);
    }

    /// ipamd began anew.
    void restart() {
        late.clear();
        ec2At = world.now().plus(EACH);
        kernelAt = world.now().plus(EACH);
    }

    Instant next() {
        Instant next = ec2At.isBefore(kernelAt) ? ec2At : kernelAt;
        for (Late view : late) {
            next = view.arrives().isBefore(next) ? view.arrives() : next;
        }
        return next;
    }

    /// Looks that are due, and late ones that arrive.
    void look() {
        for (Late view : List.copyOf(late)) {
            if (!view.arrives().isAfter(world.now()) && late.remove(view)) {
                arrive(view.view());
            }
        }
        if (!ec2At.isAfter(world.now())) {
            ec2At = world.now().plus(EACH);
            if (!world.accident(Fault.VIEW_FAILED)) {
                Map<EniId, Set<Cidr>> view = world.cloud().view();
                adopt(view);
                soon(new Message.Ec2View(world.now(), view));
            }
        }
        if (!kernelAt.isAfter(world.now())) {
            kernelAt = world.now().plus(EACH);
            if (!world.accident(Fault.VIEW_FAILED)) {
                soon(new Message.KernelView(world.now(), world.kernel().held()));
            }
        }
    }

    /// An ENI that EC2 lists and whose link appears: as CloudWork does it.
    private void adopt(Map<EniId, Set<Cidr>> view) {
        if (world.calls().addsAnEni()) {
            return; // one that is half there is not a new one
        }
        view.forEach((id, blocks) -> {
            Optional<SimEc2.SimEni> eni = world.ec2().eni(id).filter(_ -> !known.contains(id));
            if (eni.isPresent()) {
                known.add(id);
                world.deliver(new Message.EniReady(0, world.ec2().asPoolEni(eni.get()), List.copyOf(blocks)));
            }
        });
    }

    private void soon(Message view) {
        if (world.accident(Fault.LATE_VIEW)) {
            late.add(new Late(view, world.now().plusMillis(1 + world.choices().of(LATE_MILLIS_MAX))));
        } else {
            arrive(view);
        }
    }

    private void arrive(Message view) {
        if (view instanceof Message.Ec2View ec2) {
            world.checker().viewArrives(ec2.asked(), ec2.blocks());
        }
        world.deliver(view);
    }
}
