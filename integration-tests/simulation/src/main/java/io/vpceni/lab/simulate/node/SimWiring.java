package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// ipamd's wiring of sandboxes: at once, slowly, or in vain.
final class SimWiring {
    private static final int SLOW_WIRING_MILLIS = 40_000;

    private final RunContext run;
    private final Checker checker;
    private final SimKernel kernel;
    private final SimulatedVpc ec2;
    private final Owners owners;
    private final SimSandboxes sandboxes;
    private final Map<AttachmentKey, SimSandbox> wiringSlowly = new LinkedHashMap<>();
    private final Deque<Message> toSend = new ArrayDeque<>();

    SimWiring(
            RunContext run,
            Checker checker,
            SimKernel kernel,
            SimulatedVpc ec2,
            Owners owners,
            SimSandboxes sandboxes) {
        this.run = run;
        this.checker = checker;
        this.kernel = kernel;
        this.ec2 = ec2;
        this.owners = owners;
        this.sandboxes = sandboxes;
    }

    /// @param fresh whether nobody can have been wired with it before
    void granted(@Nullable SimSandbox sandbox, Assignment assignment, boolean fresh) {
        if (sandbox == null || sandbox.phase != SimSandbox.Phase.ADDING) {
            return;
        }
        sandbox.has = Optional.of(assignment);
        sandbox.phase = SimSandbox.Phase.GRANTED;
        if (run.occurs(SimulatedFault.WIRING_FAILED)) {
            sandboxes.remove(sandbox.key());
            boolean untouched = fresh && run.choices().of(2) == 1;
            toSend.add(untouched ? new Message.NeverWired(sandbox.key()) : new Message.Release(sandbox.key()));
        } else if (run.occurs(SimulatedFault.WIRING_SLOW)) {
            sandbox.wiredAt = run.now().plusMillis(run.choices().of(SLOW_WIRING_MILLIS));
            wiringSlowly.put(sandbox.key(), sandbox);
        } else {
            wire(sandbox);
        }
    }

    private void wire(SimSandbox sandbox) {
        sandbox.phase = SimSandbox.Phase.UP;
        Assignment has = sandbox.has.orElseThrow();
        boolean secondary = ec2.eni(has.eni()).filter(eni -> !eni.primary()).isPresent();
        kernel.wire(has, secondary);
    }

    /// Wirings that are done now, and releases of wirings that failed.
    void settle() {
        for (SimSandbox sandbox : List.copyOf(wiringSlowly.values())) {
            if (!sandbox.wiredAt.isAfter(run.now())) {
                wiringSlowly.remove(sandbox.key());
                wire(sandbox);
            }
        }
        while (!toSend.isEmpty()) {
            giveBack(toSend.remove());
        }
    }

    private void giveBack(Message message) {
        if (message instanceof Message.NeverWired(AttachmentKey key)) {
            checker.neverWired(key, run.now());
        } else if (message instanceof Message.Release(AttachmentKey key)) {
            checker.released(key, run.now());
        }
        owners.deliver(message);
    }

    /// It will not be wired any more.
    void forget(AttachmentKey key) {
        wiringSlowly.remove(key);
    }

    /// ipamd died: what it had not wired or given back, it never will.
    void crashed() {
        toSend.clear();
        wiringSlowly.clear();
    }
}
