package io.vpceni.ipamd.owner;

import io.vpceni.config.AttachmentKey;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.RequestScope;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Notice;
import io.vpceni.kubernetes.PodLister;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Carries out the effects of the [EniLoop], each on a virtual thread of its own, and reports the outcomes. Their
/// number is bounded: by the scheduler for calls, by the number of ENIs for links. Changes of one ENI's link are made
/// in the order of the effects.
///
/// As [EniLoop.Outside] confined to the owner's thread.
public final class EniEffectExecutor implements EniLoop.Outside, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EniEffectExecutor.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    /// What the ENIs need of the node's kernel.
    public interface Kernel {
        /// Sets up an attached ENI for pods: its link, address, routes and rule. Waits for the link, bounded.
        ///
        /// @throws IOException when the link did not appear or the kernel refused
        void setUp(LinkPlan link) throws IOException, InterruptedException;

        /// Deletes routes and rules of a detached ENI. Succeeds when there are none.
        ///
        /// @throws IOException when the kernel refused
        void takeDown(EniId eni) throws IOException, InterruptedException;

        /// Addresses that sandboxes have, with their holders. Addresses of other CNI plugins' pods have
        /// a key that no ADD uses.
        ///
        /// @throws IOException when the kernel cannot be read
        Map<InetAddress, AttachmentKey> held() throws IOException, InterruptedException;

        /// The same for the check of each minute, which also deletes left-over rules.
        ///
        /// @throws IOException when the kernel cannot be read
        default Map<InetAddress, AttachmentKey> look() throws IOException, InterruptedException {
            return held();
        }
    }

    private final Ec2 ec2;
    private final Kernel kernel;
    private final MessageSink<Message> pool;
    private final MessageSink<EniMessage> owner;
    private final PodLister pods;
    private final Consumer<Notice> notices;
    private final InstantSource time;
    private final Metrics metrics;
    private final RequestLog requests;
    private final InFlightCalls calls = new InFlightCalls();
    private final ThreadFactory linkThreads =
            Thread.ofVirtual().name("eni-link-", 0).factory();
    private final Map<EniId, Thread> linkWork = new HashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("eni-", 0).factory());

    /// @param pool gets outcomes and views
    /// @param owner gets outcomes of calls, links and views
    /// @param pods of this node, as the API server lists them
    /// @param notices gets the notices for operators
    public EniEffectExecutor(
            Ec2 ec2,
            Kernel kernel,
            MessageSink<Message> pool,
            MessageSink<EniMessage> owner,
            PodLister pods,
            Consumer<Notice> notices,
            InstantSource time,
            Metrics metrics) {
        this.ec2 = ec2;
        this.kernel = kernel;
        this.pool = pool;
        this.owner = owner;
        this.pods = pods;
        this.notices = notices;
        this.time = time;
        this.metrics = metrics;
        this.requests = new RequestLog(metrics);
    }

    @Override
    public void call(long call, Ec2Call<?> what, List<Long> requests) {
        calls.sent(call, what, time.instant());
        line(log.atDebug(), what, requests).log("Calling EC2");
        threads.execute(() -> deliver(RequestScope.call(requests, () -> performed(call, what))));
    }

    @Override
    public void queued(long call, Ec2Call<?> what, List<Long> requests) {
        line(log.atDebug(), what, requests).log("A call to EC2 waits for its turn");
    }

    @Override
    public void repeated(long call, Ec2Failure failure, List<Long> requests) {
        RequestScope.mark(log.atDebug(), requests)
                .addKeyValue("action", failure.action())
                .addKeyValue("ec2Error", failure.kind())
                .log("A call to EC2 is queued again");
    }

    private static LoggingEventBuilder line(LoggingEventBuilder line, Ec2Call<?> what, List<Long> requests) {
        return RequestScope.mark(line, requests)
                .addKeyValue("action", what.action().apiName())
                .addKeyValue("subject", what.subject());
    }

    @Override
    public void setUpLink(LinkPlan link, List<Long> requests) {
        inTurn(link.id(), () -> deliver(RequestScope.call(requests, () -> linked(link))));
    }

    @Override
    public void takeDownLink(EniId eni, List<Long> requests) {
        inTurn(eni, () -> RequestScope.run(requests, () -> takenDown(eni)));
    }

    @Override
    public void askKernel(long look) {
        threads.execute(() -> deliver(held(look)));
    }

    @Override
    public void tell(Message message) {
        requests.told(message, time.instant());
        try {
            pool.tell(message);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops
        }
    }

    @Override
    public void noticed(EniNotice notice) {
        notices.accept(Notice.of(notice));
    }

    /// Sends the pool a view of the kernel. A failure is repeated at the next check.
    void showKernel() {
        threads.execute(() -> {
            Instant asked = time.instant();
            try {
                pool.tell(new Message.KernelView(asked, kernel.look()));
                tellPods();
            } catch (IOException e) {
                metrics.error("kernelView");
                log.atWarn().addKeyValue("reason", e.getMessage()).log("The kernel could not be read");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void tellPods() throws InterruptedException {
        Optional<Message.PodView> listed = pods.list();
        if (listed.isPresent()) {
            pool.tell(listed.get());
        }
    }

    /// Tells the pool that a request was not accepted. Returns at once; from any thread.
    public void refuse(Effect.Request request) {
        RequestScope.mark(log.atWarn(), List.of(request.request()))
                .log("A request of the pool was not accepted: too many EC2 calls are queued, or ipamd is stopping");
        Message refusal = new Message.RequestFailed(
                request.request(), AllocationError.OTHER, "too many EC2 calls are queued, or ipamd is stopping");
        threads.execute(() -> {
            try {
                pool.tell(refusal);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// A request of the pool.
    void wanted(Effect.Request request, Instant now) {
        requests.begun(request, now);
    }

    /// The pool's open requests, the oldest first.
    public List<Ec2Status.Wanted> wanted() {
        return requests.open();
    }

    /// From any thread.
    public List<Ec2Status.InFlightCall> callsInFlight() {
        return calls.inFlight();
    }

    /// From any thread.
    public List<Ec2Status.LastRefusal> refusals() {
        return calls.refusals();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                log.atWarn().log("A call to EC2 was interrupted; its effect is found at the next start");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private EniMessage performed(long call, Ec2Call<?> what) {
        try {
            EniMessage answer = new EniMessage.Answered(call, ec2.perform(what));
            calls.answered(call);
            return answer;
        } catch (Ec2Failure failure) {
            calls.failed(call, failure, time.instant());
            logFailure(what, failure);
            return new EniMessage.Failed(call, failure);
        } catch (RuntimeException | Error bug) {
            RequestScope.mark(log.atError())
                    .setCause(bug)
                    .addKeyValue("call", what)
                    .log("A call to EC2 failed because of a bug");
            Ec2Failure failure = Ec2Failure.withoutCode(
                    Ec2Failure.Kind.OUTCOME_UNKNOWN, what.action().apiName(), what.subject(), bug.toString(), bug);
            calls.failed(call, failure, time.instant());
            return new EniMessage.Failed(call, failure);
        }
    }

    /// A call that serves no request is made again with the next look; `ipamctl cloud` shows that it fails.
    private static void logFailure(Ec2Call<?> what, Ec2Failure failure) {
        List<Long> requests = RequestScope.requests();
        LoggingEventBuilder line = line(requests.isEmpty() ? log.atDebug() : log.atInfo(), what, requests)
                .addKeyValue("ec2Error", failure.kind());
        if (failure.requestId().isPresent()) {
            line = line.addKeyValue("ec2RequestId", failure.requestId().get());
        }
        line.addKeyValue("reason", failure.text()).log("A call to EC2 failed");
    }

    private @Nullable EniMessage linked(LinkPlan link) {
        try {
            kernel.setUp(link);
            RequestScope.mark(log.atDebug()).addKeyValue("eni", link.id()).log("Set up an ENI's link");
            return new EniMessage.LinkReady(link.id());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        } catch (IOException e) {
            RequestScope.mark(log.atInfo())
                    .addKeyValue("eni", link.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("Setting up an ENI's link failed; it is tried again");
            return new EniMessage.LinkFailed(link.id(), String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error bug) {
            RequestScope.mark(log.atError())
                    .setCause(bug)
                    .addKeyValue("link", link)
                    .log("Setting up an ENI's link failed because of a bug");
            return new EniMessage.LinkFailed(link.id(), bug.toString());
        }
    }

    /// The ENI is detached in any case, and the kernel deletes the routes over its link by itself.
    private void takenDown(EniId eni) {
        try {
            kernel.takeDown(eni);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            RequestScope.mark(log.atWarn())
                    .addKeyValue("eni", eni)
                    .addKeyValue("reason", e.getMessage())
                    .log("Routes and rules of a detached ENI could not be deleted");
        } catch (RuntimeException | Error bug) {
            RequestScope.mark(log.atError())
                    .setCause(bug)
                    .addKeyValue("eni", eni)
                    .log("Deleting routes and rules of a detached ENI failed because of a bug");
        }
    }

    private @Nullable EniMessage held(long look) {
        try {
            return new EniMessage.KernelHolds(look, kernel.held().keySet());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        } catch (IOException e) {
            return new EniMessage.KernelSilent(look, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error bug) {
            log.atError().setCause(bug).log("Reading the kernel failed because of a bug");
            return new EniMessage.KernelSilent(look, bug.toString());
        }
    }

    /// @param message null: ipamd stops, and no one waits for it
    private void deliver(@Nullable EniMessage message) {
        if (message == null) {
            return;
        }
        try {
            owner.tell(message);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // ipamd stops; the next start finds what EC2 did
        }
    }

    private void inTurn(EniId eni, Runnable work) {
        linkWork.values().removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        @Nullable Thread before = linkWork.get(eni);
        Thread next = linkThreads.newThread(() -> {
            try {
                if (before != null) {
                    before.join();
                }
                work.run();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        linkWork.put(eni, next);
        next.start();
    }
}
