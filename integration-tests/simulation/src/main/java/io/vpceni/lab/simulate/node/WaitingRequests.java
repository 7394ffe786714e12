package io.vpceni.lab.simulate.node;

import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.loop.PoolLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the pool asked for and was not answered yet.
public final class WaitingRequests {
    private static final int REPEATS_MAX = 4;
    private static final long NOBODYS = 1_000_000_007L;

    /// What comes that nobody waits for.
    private enum Stray {
        FAILED,
        UNASSIGNED,
        BLOCKS_ADDED,
        REPEATED
    }

    private final RunContext run;
    private final Checker checker;
    private final SimulatedVpc ec2;
    private final Owners owners;
    private final PoolLoop.EniRequests machine;
    private final Map<Long, Effect.Request> open = new LinkedHashMap<>();
    private final List<Message> repeats = new ArrayList<>();

    private long writes;

    public WaitingRequests(
            RunContext run, Checker checker, SimulatedVpc ec2, Owners owners, PoolLoop.EniRequests machine) {
        this.run = run;
        this.checker = checker;
        this.ec2 = ec2;
        this.owners = owners;
        this.machine = machine;
    }

    public void submit(Effect.Request request, boolean addsWait) {
        checker.requested(request);
        open.put(request.request(), request);
        machine.ask(request, addsWait);
    }

    public Collection<Effect.Request> open() {
        return open.values();
    }

    /// Which ENI an open [Effect.Verify] is about.
    public Optional<EniId> verified(long request) {
        return open.get(request) instanceof Effect.Verify verify ? Optional.of(verify.eni()) : Optional.empty();
    }

    /// Answers so far that say that something changed in EC2.
    public long writes() {
        return writes;
    }

    /// A message is on its way to the pool.
    public void told(Message message) {
        message.concludes().ifPresent(number -> told(number, message));
    }

    private void told(long number, Message message) {
        Effect.Request request = open.remove(number);
        if (request == null) {
            return;
        }
        if (repeats.size() == REPEATS_MAX) {
            repeats.removeFirst();
        }
        repeats.add(message);
        checker.outcome(request, message);
        boolean changed = !(message instanceof Message.RequestFailed) && !(message instanceof Message.Verified);
        writes += changed ? 1 : 0;
    }

    /// An answer that nobody waits for, or one that came before.
    public void stray() {
        switch (run.choices().oneOf(Stray.values())) {
            case FAILED -> owners.deliver(new Message.RequestFailed(NOBODYS, AllocationError.OTHER, "nobody asked"));
            case UNASSIGNED -> owners.deliver(new Message.Unassigned(NOBODYS));
            case BLOCKS_ADDED ->
                ec2.enis().stream()
                        .findFirst()
                        .ifPresent(eni ->
                                owners.deliver(new Message.BlocksAdded(NOBODYS, eni.id(), List.copyOf(eni.blocks()))));
            case REPEATED -> {
                if (!repeats.isEmpty()) {
                    owners.deliver(repeats.get(run.choices().of(repeats.size())));
                }
            }
        }
    }

    public void abandon() {
        open.values().forEach(checker::abandoned);
        open.clear();
        repeats.clear();
    }
}
