package io.vpceni.lab.simulate;

import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The looks at EC2 and the kernel that ipamd takes each minute, and those that arrive late.
final class Views {
    private static final Duration EACH = Duration.ofSeconds(60);
    private static final int LATE_MILLIS_MAX = 30_000;

    private record Late(Message view, Instant arrives) {}

    private final World world;
    private final List<Late> late = new ArrayList<>();
    private Instant ec2At;
    private Instant kernelAt;

    Views(World world) {
        this.world = world;
        this.ec2At = world.now();
        this.kernelAt = world.now();
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
                soon(new Message.Ec2View(world.now(), world.cloud().view()));
            }
        }
        if (!kernelAt.isAfter(world.now())) {
            kernelAt = world.now().plus(EACH);
            if (!world.accident(Fault.VIEW_FAILED)) {
                soon(new Message.KernelView(world.now(), world.kernel().held()));
            }
        }
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
