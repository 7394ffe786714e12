package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.check.AddRecords;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Message;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The container runtime: pods come and go, ADDs and DELs are sent, repeated, lost and reordered.
public final class SimRuntime {
    private final RunContext run;
    private final Checker checker;
    private final SimKernel kernel;
    private final Owners owners;
    private final BooleanSupplier diskIsFull;
    private final Supplier<Instant> latest;
    private final LateRequests late;
    private final SimSandboxes sandboxes;
    private final SimWiring wiring;
    private final Map<Long, AttachmentKey> tickets = new HashMap<>();
    private Optional<Assignment> told = Optional.empty();
    private long nextTicket = 1;
    private int nextContainer = 1;

    public SimRuntime(
            RunContext run,
            Checker checker,
            SimKernel kernel,
            SimulatedVpc ec2,
            Owners owners,
            BooleanSupplier diskIsFull,
            Supplier<Instant> latest) {
        this.run = run;
        this.checker = checker;
        this.kernel = kernel;
        this.owners = owners;
        this.diskIsFull = diskIsFull;
        this.latest = latest;
        this.late = new LateRequests(run);
        this.sandboxes = new SimSandboxes(run.choices());
        this.wiring = new SimWiring(run, checker, kernel, ec2, owners, sandboxes);
    }

    public int count() {
        return sandboxes.count();
    }

    public List<SimSandbox> sandboxes() {
        return sandboxes.list();
    }

    public Optional<SimSandbox> sandbox(AttachmentKey key) {
        return sandboxes.find(key);
    }

    /// Who asked with that ticket and has no answer yet.
    public Optional<AttachmentKey> keyOf(long ticket) {
        return Optional.ofNullable(tickets.get(ticket));
    }

    // ---- what happens

    /// A new pod.
    public AttachmentKey add() {
        AttachmentKey key = newKey();
        PodName pod = new PodName("default", "pod-" + nextContainer);
        if (!sandboxes.isEmpty() && run.choices().of(8) == 7) { // a second sandbox of the same pod
            pod = sandboxes.any().pod();
        }
        add(key, pod);
        return key;
    }

    public AttachmentKey newKey() {
        return new AttachmentKey("net", "c" + nextContainer++, "eth0");
    }

    public long newTicket() {
        return nextTicket++;
    }

    public void add(AttachmentKey key, PodName pod) {
        add(newTicket(), key, pod);
    }

    public void add(long ticket, AttachmentKey key, PodName pod) {
        SimSandbox sandbox = sandboxes.findOrAdd(key, pod);
        tickets.put(ticket, key);
        Instant deadline = run.now()
                .plusMillis(run.isQuiescent() ? 60_000 : 1_000 + run.choices().of(20_000));
        checker.asked(ticket, key, deadline, run.now());
        owners.deliver(new Message.Assign(ticket, key, sandbox.pod(), deadline));
    }

    /// The same ADD once more.
    public void addAgain() {
        if (sandboxes.isEmpty()) {
            return;
        }
        SimSandbox sandbox = sandboxes.any();
        boolean asks = sandbox.phase == SimSandbox.Phase.UP
                || sandbox.phase == SimSandbox.Phase.ADDING
                || sandbox.phase == SimSandbox.Phase.GRANTED;
        if (asks && !sandbox.cutOff) {
            add(sandbox.key(), sandbox.pod());
        }
    }

    /// A DEL that was sent later comes first.
    public void overtake() {
        AttachmentKey key = newKey();
        long add = newTicket();
        del(key, false);
        add(add, key, PodName.UNKNOWN);
        if (run.choices().of(4) == 3) {
            add(key, PodName.UNKNOWN);
        }
    }

    /// An ADD whose plugin begins now and which arrives later. Mostly its runtime gives it up and sends its DEL
    /// before.
    public void addLate() {
        AttachmentKey key = newKey();
        int millis = 1 + run.choices().of((int) AddRecords.REQUEST_LIVES.toMillis() - 1);
        late.add(newTicket(), key, millis);
    }

    /// When the next late request arrives.
    public Instant next() {
        return late.next();
    }

    private final class Arrivals implements LateRequests.Receiver {
        @Override
        public void add(long ticket, AttachmentKey key) {
            SimRuntime.this.add(ticket, key, PodName.UNKNOWN);
            if (run.choices().of(4) == 3) {
                SimRuntime.this.add(key, PodName.UNKNOWN);
            }
        }

        @Override
        public void del(AttachmentKey key) {
            SimRuntime.this.del(key, false);
        }
    }

    /// A pod ends.
    public void del() {
        if (!sandboxes.isEmpty()) {
            del(sandboxes.any().key(), run.choices().of(6) == 5);
        }
    }

    /// A DEL of something that is gone.
    public void delAgain() {
        sandboxes.anyGone().ifPresent(key -> del(key, false));
    }

    /// @param slowly whether the wiring is taken away later
    public void del(AttachmentKey key, boolean slowly) {
        long ticket = newTicket();
        told = Optional.empty();
        if (!owners.deliver(new Message.CancelWaitingAdds(ticket, key))
                || !owners.deliver(new Message.WhoHolds(ticket, key))) {
            return; // ipamd died: the runtime tries again
        }
        checker.delBegan(ticket, key, told, run.now());
        sandboxes.find(key).ifPresent(sandbox -> sandbox.phase = SimSandbox.Phase.DELETING);
        wiring.forget(key);
        if (!slowly || !sandboxes.has(key)) {
            finishDel(key);
        }
    }

    public void prepared(Optional<Assignment> assignment) {
        told = assignment;
    }

    private void finishDel(AttachmentKey key) {
        var _ = kernel.unwire(key, sandboxes.find(key).flatMap(sandbox -> sandbox.has));
        forget(key);
        checker.released(key, run.now());
        owners.deliver(new Message.Release(key));
    }

    /// DELs that take their time go on; the runtime repeats those that ipamd's death cut off.
    public void goOn() {
        for (SimSandbox sandbox : List.copyOf(sandboxes.list())) {
            if (sandboxes.get(sandbox.key()) == sandbox) {
                if (sandbox.phase == SimSandbox.Phase.DELETING) {
                    finishDel(sandbox.key());
                } else if (sandbox.phase == SimSandbox.Phase.DEL_AGAIN) {
                    del(sandbox.key(), false);
                }
            }
        }
    }

    /// A sandbox vanishes and nobody says so.
    public void loseDel() {
        if (sandboxes.isEmpty()) {
            return;
        }
        SimSandbox sandbox = sandboxes.any();
        if (sandbox.phase == SimSandbox.Phase.UP) {
            vanish(sandbox.key());
        }
    }

    /// One that runs, with a link.
    public Optional<SimSandbox> anyUp() {
        if (sandboxes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(sandboxes.any()).filter(sandbox -> sandbox.phase == SimSandbox.Phase.UP && !sandbox.cutOff);
    }

    /// Somebody deletes the link of a sandbox, which stays without; its DEL comes some time.
    public void cutOff(SimSandbox sandbox) {
        sandbox.cutOff = true;
        var _ = kernel.deleteLink(sandbox.key());
        checker.vanished(sandbox.key(), run.now());
    }

    public void vanish(AttachmentKey key) {
        var _ = kernel.deleteLink(key);
        forget(key);
        checker.vanished(key, run.now());
    }

    // ---- answers

    public void answered(long ticket, AssignResult result) {
        AttachmentKey key = tickets.remove(ticket);
        checker.answered(ticket, result, latest.get(), diskIsFull.getAsBoolean());
        if (key == null) {
            return;
        }
        SimSandbox sandbox = sandboxes.get(key);
        switch (result) {
            case AssignResult.Assigned(Assignment assignment) -> wiring.granted(sandbox, assignment, true);
            case AssignResult.AlreadyAssigned(Assignment assignment) -> wiring.granted(sandbox, assignment, false);
            case AssignResult.NoAddress _, AssignResult.Cancelled _ -> {
                if (sandbox != null && sandbox.phase == SimSandbox.Phase.ADDING && !tickets.containsValue(key)) {
                    forget(key);
                }
            }
        }
    }

    /// Late requests that arrive now, wirings that are done, and releases of wirings that failed.
    public void settle() {
        late.arrive(new Arrivals());
        wiring.settle();
    }

    private void forget(AttachmentKey key) {
        wiring.forget(key);
        sandboxes.remove(key);
    }

    /// ipamd died: ADDs that had no answer failed, DELs under way are to be sent again.
    public void crashed() {
        tickets.clear();
        wiring.crashed();
        for (SimSandbox sandbox : List.copyOf(sandboxes.list())) {
            boolean wired = kernel.wiringOf(sandbox.key()).isPresent();
            switch (sandbox.phase) {
                case ADDING, GRANTED -> {
                    sandbox.phase = SimSandbox.Phase.DEL_AGAIN;
                    if (run.choices().of(2) == 1) {
                        forget(sandbox.key());
                    }
                }
                case DELETING -> {
                    sandbox.phase = SimSandbox.Phase.DEL_AGAIN;
                    if (wired && run.choices().of(2) == 1) {
                        vanish(sandbox.key());
                    }
                }
                case UP, DEL_AGAIN -> {}
            }
        }
    }
}
