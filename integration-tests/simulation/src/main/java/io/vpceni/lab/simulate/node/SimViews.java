package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The looks at EC2, the kernel and the API server's pods that ipamd takes each minute, those that arrive late, and
/// what EC2 answered.
public final class SimViews {
    private static final Duration EACH = Duration.ofSeconds(60);
    private static final int LATE_MILLIS_MAX = 30_000;
    private static final int ANSWERS_KEPT = 64;
    private static final int NODES_MAX = 50;

    private record Late(Message view, Instant arrives) {}

    /// @param left when the question left the node
    private record Answer(Instant left, Map<EniId, Set<Cidr>> blocks) {}

    private final RunContext run;
    private final Checker checker;
    private final Owners owners;
    private final SimRuntime runtime;
    private final WaitingRequests requests;
    private final Supplier<Map<InetAddress, AttachmentKey>> look;
    private final List<Late> late = new ArrayList<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private Instant ec2At;
    private Instant kernelAt;
    private Set<PodName> cachedPods = Set.of();
    private boolean listsFromCache;

    public SimViews(
            RunContext run,
            Checker checker,
            Owners owners,
            SimRuntime runtime,
            WaitingRequests requests,
            Supplier<Map<InetAddress, AttachmentKey>> look) {
        this.run = run;
        this.checker = checker;
        this.owners = owners;
        this.runtime = runtime;
        this.requests = requests;
        this.look = look;
        this.ec2At = run.now();
        this.kernelAt = run.now();
    }

    /// ipamd began anew.
    public void restart() {
        late.clear();
        answers.clear();
        ec2At = run.now().plus(EACH);
        kernelAt = run.now().plus(EACH);
    }

    public Instant next() {
        Instant next = ec2At.isBefore(kernelAt) ? ec2At : kernelAt;
        for (Late view : late) {
            next = view.arrives().isBefore(next) ? view.arrives() : next;
        }
        return next;
    }

    /// Looks that are due, and late ones that arrive.
    public void look() {
        for (Late view : List.copyOf(late)) {
            if (!view.arrives().isAfter(run.now()) && late.remove(view)) {
                owners.deliver(view.view());
            }
        }
        if (!ec2At.isAfter(run.now())) {
            ec2At = run.now().plus(EACH);
            owners.hear(new EniMessage.Reconcile());
        }
        if (!kernelAt.isAfter(run.now())) {
            kernelAt = run.now().plus(EACH);
            if (!run.occurs(SimulatedFault.VIEW_FAILED)) {
                soon(new Message.KernelView(run.now(), look.get()));
            }
            listPods();
            changeShare();
        }
    }

    /// Somebody who knows the number of nodes tells this one its share anew.
    private void changeShare() {
        if (run.occurs(SimulatedFault.SHARE_CHANGED)) {
            owners.share(1.0 / (1 + run.choices().of(NODES_MAX)));
        }
    }

    /// The API server lists this node's pods: every other time from a cache that is a minute old, in which pods
    /// of that minute are missing.
    private void listPods() {
        Set<PodName> now =
                runtime.sandboxes().stream().map(sandbox -> sandbox.pod()).collect(Collectors.toUnmodifiableSet());
        owners.deliver(new Message.PodView(run.now(), listsFromCache ? cachedPods : now));
        cachedPods = now;
        listsFromCache = !listsFromCache;
    }

    private void soon(Message view) {
        if (run.occurs(SimulatedFault.LATE_VIEW)) {
            late.add(new Late(view, run.now().plusMillis(1 + run.choices().of(LATE_MILLIS_MAX))));
        } else {
            owners.deliver(view);
        }
    }

    /// EC2 answered what ENIs this node has.
    ///
    /// @param left when the question left the node
    public void answered(Instant left, List<Ec2Eni> enis) {
        Map<EniId, Set<Cidr>> blocks = new LinkedHashMap<>();
        enis.forEach(eni -> blocks.put(eni.id(), Set.copyOf(eni.blocks())));
        answers.addFirst(new Answer(left, blocks));
        if (answers.size() > ANSWERS_KEPT) {
            answers.removeLast();
        }
    }

    /// The pool is about to be told: what it is told of EC2's views must be what EC2 answered to such a question.
    public void told(Message message) {
        if (message instanceof Message.Ec2View(Instant asked, Map<EniId, Set<Cidr>> blocks)) {
            require(asked, blocks, message);
            checker.viewArrives(asked, blocks);
        } else if (message instanceof Message.Verified(long number, Evidence seen) && seen.attached()) {
            requests.verified(number).ifPresent(eni -> require(seen.asked(), Map.of(eni, seen.listed()), message));
        }
    }

    private void require(Instant asked, Map<EniId, Set<Cidr>> blocks, Message message) {
        for (Answer answer : answers) {
            if (!answer.left().isBefore(asked) && answer.blocks().entrySet().containsAll(blocks.entrySet())) {
                return;
            }
        }
        throw new Violation(Invariant.OLD_VIEWS, "no question of that time was answered like that: " + message);
    }
}
