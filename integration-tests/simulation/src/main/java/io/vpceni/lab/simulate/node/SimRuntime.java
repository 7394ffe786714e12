package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.check.AddRecords;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.kernel.SimKernel;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Message;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The container runtime and ipamd's wiring: pods come and go, ADDs and DELs are sent, repeated, lost and reordered.
public final class SimRuntime {
    private static final int GONE_KEPT = 16;
    private static final int SLOW_WIRING_MILLIS = 40_000;

    /// An ADD that waits in a socket.
    ///
    /// @param began when its plugin did
    private record LateAdd(long ticket, AttachmentKey key, Instant began, Instant arrives) {}

    private final RunContext run;
    private final Checker checker;
    private final SimKernel kernel;
    private final SimulatedVpc ec2;
    private final Owners owners;
    private final BooleanSupplier diskIsFull;
    private final Supplier<Instant> latest;
    private final List<LateAdd> lateAdds = new ArrayList<>();

    /// When the DELs of some of them are sent.
    private final Map<AttachmentKey, Instant> lateDels = new LinkedHashMap<>();

    private final List<SimSandbox> all = new ArrayList<>();
    private final Map<AttachmentKey, SimSandbox> byKey = new HashMap<>();
    private final Map<Long, AttachmentKey> tickets = new HashMap<>();
    private final Map<AttachmentKey, SimSandbox> wiringSlowly = new LinkedHashMap<>();
    private final Deque<AttachmentKey> gone = new ArrayDeque<>();
    private final Deque<Message> toSend = new ArrayDeque<>();
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
        this.ec2 = ec2;
        this.owners = owners;
        this.diskIsFull = diskIsFull;
        this.latest = latest;
    }

    public int count() {
        return all.size();
    }

    public List<SimSandbox> sandboxes() {
        return all;
    }

    public Optional<SimSandbox> sandbox(AttachmentKey key) {
        return Optional.ofNullable(byKey.get(key));
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
        if (!all.isEmpty() && run.choices().of(8) == 7) { // a second sandbox of the same pod
            pod = all.get(run.choices().of(all.size())).pod();
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
        SimSandbox sandbox = byKey.get(key);
        if (sandbox == null) {
            sandbox = new SimSandbox(key, pod);
            sandbox.place = all.size();
            all.add(sandbox);
            byKey.put(key, sandbox);
        }
        tickets.put(ticket, key);
        Instant deadline = run.now()
                .plusMillis(run.isQuiescent() ? 60_000 : 1_000 + run.choices().of(20_000));
        checker.asked(ticket, key, deadline, run.now());
        owners.deliver(new Message.Assign(ticket, key, sandbox.pod(), deadline));
    }

    /// The same ADD once more.
    public void addAgain() {
        if (all.isEmpty()) {
            return;
        }
        SimSandbox sandbox = all.get(run.choices().of(all.size()));
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
        lateAdds.add(new LateAdd(newTicket(), key, run.now(), run.now().plusMillis(millis)));
        if (run.choices().of(4) > 0) {
            lateDels.put(key, run.now().plusMillis(run.choices().of(millis)));
        }
    }

    /// When the next late request arrives.
    public Instant next() {
        Instant next = Instant.MAX;
        for (LateAdd add : lateAdds) {
            next = add.arrives().isBefore(next) ? add.arrives() : next;
        }
        for (Instant del : lateDels.values()) {
            next = del.isBefore(next) ? del : next;
        }
        return next;
    }

    /// Late requests that arrive now. What came while ipamd was away waited for it, but no longer than plugins
    /// live.
    private void arrive() {
        for (AttachmentKey key : List.copyOf(lateDels.keySet())) {
            if (!lateDels.getOrDefault(key, Instant.MAX).isAfter(run.now())) {
                lateDels.remove(key);
                del(key, false);
            }
        }
        for (LateAdd add : List.copyOf(lateAdds)) {
            if (!add.arrives().isAfter(run.now()) && lateAdds.remove(add)) {
                if (run.now().isBefore(add.began().plus(AddRecords.REQUEST_LIVES))) {
                    add(add.ticket(), add.key(), PodName.UNKNOWN);
                    if (run.choices().of(4) == 3) {
                        add(add.key(), PodName.UNKNOWN);
                    }
                }
            }
        }
    }

    /// A pod ends.
    public void del() {
        if (!all.isEmpty()) {
            del(all.get(run.choices().of(all.size())).key(), run.choices().of(6) == 5);
        }
    }

    /// A DEL of something that is gone.
    public void delAgain() {
        if (!gone.isEmpty()) {
            del(List.copyOf(gone).get(run.choices().of(gone.size())), false);
        }
    }

    /// @param slowly whether the wiring is taken away later
    public void del(AttachmentKey key, boolean slowly) {
        long ticket = newTicket();
        told = Optional.empty();
        if (!owners.deliver(new Message.CancelWaitingAdds(ticket, key)) || !owners.deliver(new Message.WhoHolds(key))) {
            return; // ipamd died: the runtime tries again
        }
        checker.delBegan(ticket, key, told, run.now());
        Optional.ofNullable(byKey.get(key)).ifPresent(sandbox -> sandbox.phase = SimSandbox.Phase.DELETING);
        wiringSlowly.remove(key);
        if (!slowly || !byKey.containsKey(key)) {
            finishDel(key);
        }
    }

    public void prepared(Optional<Assignment> assignment) {
        told = assignment;
    }

    private void finishDel(AttachmentKey key) {
        var _ = kernel.unwire(key, Optional.ofNullable(byKey.get(key)).flatMap(sandbox -> sandbox.has));
        forget(key);
        checker.released(key, run.now());
        owners.deliver(new Message.Release(key));
    }

    /// DELs that take their time go on; the runtime repeats those that ipamd's death cut off.
    public void goOn() {
        for (SimSandbox sandbox : List.copyOf(all)) {
            if (byKey.get(sandbox.key()) == sandbox) {
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
        if (all.isEmpty()) {
            return;
        }
        SimSandbox sandbox = all.get(run.choices().of(all.size()));
        if (sandbox.phase == SimSandbox.Phase.UP) {
            vanish(sandbox.key());
        }
    }

    /// One that runs, with a link.
    public Optional<SimSandbox> anyUp() {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(all.get(run.choices().of(all.size())))
                .filter(sandbox -> sandbox.phase == SimSandbox.Phase.UP && !sandbox.cutOff);
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
        SimSandbox sandbox = byKey.get(key);
        switch (result) {
            case AssignResult.Assigned(Assignment assignment) -> granted(sandbox, assignment, true);
            case AssignResult.AlreadyAssigned(Assignment assignment) -> granted(sandbox, assignment, false);
            case AssignResult.NoAddress _, AssignResult.Cancelled _ -> {
                if (sandbox != null && sandbox.phase == SimSandbox.Phase.ADDING && !tickets.containsValue(key)) {
                    forget(key);
                }
            }
        }
    }

    /// @param fresh whether nobody can have been wired with it before
    private void granted(@Nullable SimSandbox sandbox, Assignment assignment, boolean fresh) {
        if (sandbox == null || sandbox.phase != SimSandbox.Phase.ADDING) {
            return;
        }
        sandbox.has = Optional.of(assignment);
        sandbox.phase = SimSandbox.Phase.GRANTED;
        if (run.occurs(SimulatedFault.WIRING_FAILED)) {
            forget(sandbox.key());
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

    /// Wirings that are ripe, and releases of wirings that failed.
    public void settle() {
        if (!lateAdds.isEmpty() || !lateDels.isEmpty()) {
            arrive();
        }
        if (!wiringSlowly.isEmpty()) {
            for (SimSandbox sandbox : List.copyOf(wiringSlowly.values())) {
                if (!sandbox.wiredAt.isAfter(run.now())) {
                    wiringSlowly.remove(sandbox.key());
                    wire(sandbox);
                }
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

    private void forget(AttachmentKey key) {
        wiringSlowly.remove(key);
        SimSandbox sandbox = byKey.remove(key);
        if (sandbox != null) {
            SimSandbox last = all.removeLast();
            if (last != sandbox) {
                all.set(sandbox.place, last);
                last.place = sandbox.place;
            }
        }
        gone.remove(key);
        gone.addLast(key);
        if (gone.size() > GONE_KEPT) {
            gone.removeFirst();
        }
    }

    /// ipamd died: ADDs that had no answer failed, DELs under way are to be sent again.
    public void crashed() {
        tickets.clear();
        toSend.clear();
        wiringSlowly.clear();
        for (SimSandbox sandbox : List.copyOf(all)) {
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
