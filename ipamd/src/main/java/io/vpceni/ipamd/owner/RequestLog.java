package io.vpceni.ipamd.owner;

import io.vpceni.eni.RequestScope;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Logs and counts the outcome of each request of the pool. Confined to the ENIs' owner's thread; holds the pool's open
/// requests.
final class RequestLog {
    private static final Logger log = LoggerFactory.getLogger(RequestLog.class);

    private final Metrics metrics;
    private final SortedMap<Long, Ec2Status.Wanted> open = new TreeMap<>();

    RequestLog(Metrics metrics) {
        this.metrics = metrics;
    }

    void begun(Effect.Request request, Instant now) {
        open.put(request.request(), new Ec2Status.Wanted(request, now));
        subject(request instanceof Effect.Verify ? log.atDebug() : log.atInfo(), request)
                .log(begun(request));
    }

    /// A message goes to the pool; if it ends a request, the outcome is logged.
    void told(Message message, Instant now) {
        message.concludes().ifPresent(request -> end(request, message, now));
    }

    /// The pool's open requests, the oldest first.
    List<Ec2Status.Wanted> open() {
        return List.copyOf(open.values());
    }

    private void end(long number, Message outcome, Instant now) {
        Ec2Status.@Nullable Wanted wanted = open.remove(number);
        if (wanted == null) {
            return; // told before: a repeated answer
        }
        Effect.Request request = wanted.request();
        Duration took = Duration.between(wanted.since(), now).truncatedTo(ChronoUnit.MILLIS);
        if (outcome instanceof Message.RequestFailed failure) {
            metrics.error(doing(request));
            subject(log.atWarn(), request)
                    .addKeyValue("allocationError", failure.error())
                    .addKeyValue("reason", failure.detail())
                    .addKeyValue("took", took)
                    .log(undone(request));
        } else {
            count(request);
            done(request, outcome, took);
        }
    }

    private void count(Effect.Request request) {
        switch (request) {
            case Effect.Unassign unassign ->
                metrics.blocksReturned(unassign.blocks().size());
            case Effect.RemoveEni _ -> metrics.eniReturned();
            case Effect.AssignBlocks _, Effect.AddEni _, Effect.Verify _ -> {}
        }
    }

    private static void done(Effect.Request request, Message outcome, Duration took) {
        LoggingEventBuilder line = request instanceof Effect.Verify ? log.atDebug() : log.atInfo();
        line = subject(line, request).addKeyValue("took", took);
        switch (request) {
            case Effect.AssignBlocks _ -> {
                if (outcome instanceof Message.BlocksAdded added) {
                    line = line.addKeyValue("blocks", added.blocks());
                }
                line.log("Assigned blocks to ENI");
            }
            case Effect.AddEni _ -> {
                if (outcome instanceof Message.EniReady ready) {
                    line = line.addKeyValue("eni", ready.eni().id())
                            .addKeyValue("device", ready.eni().slot().deviceIndex())
                            .addKeyValue("blocks", ready.blocks().size());
                }
                line.log("The request for a new ENI is done");
            }
            case Effect.Verify _ -> line.log("Asked EC2 and the kernel about ENI");
            case Effect.Unassign _ -> line.log("Unassigned blocks from ENI");
            case Effect.RemoveEni _ -> line.log("The request to remove an ENI is done");
        }
    }

    private static String begun(Effect.Request request) {
        return switch (request) {
            case Effect.AssignBlocks _ -> "The pool requests blocks for ENI";
            case Effect.AddEni _ -> "The pool requests a new ENI";
            case Effect.Verify _ -> "The pool asks about ENI";
            case Effect.Unassign _ -> "The pool requests that blocks are unassigned from ENI";
            case Effect.RemoveEni _ -> "The pool requests that ENI is detached and deleted";
        };
    }

    private static String undone(Effect.Request request) {
        return switch (request) {
            case Effect.AssignBlocks _ -> "Assigning blocks to an ENI failed; the pool asks again later";
            case Effect.AddEni _ -> "Attaching a new ENI failed; the pool asks again later";
            case Effect.Verify _ -> "Reading an ENI's state from EC2 and the kernel failed; the pool asks again later";
            case Effect.Unassign _ -> "Unassigning blocks from an ENI failed; the pool asks again later";
            case Effect.RemoveEni _ -> "Detaching and deleting an ENI failed; the pool asks again later";
        };
    }

    /// The objects of the request.
    private static LoggingEventBuilder subject(LoggingEventBuilder start, Effect.Request request) {
        LoggingEventBuilder line = RequestScope.mark(start, List.of(request.request()));
        return switch (request) {
            case Effect.AssignBlocks assign ->
                line.addKeyValue("eni", assign.eni())
                        .addKeyValue("kind", assign.kind())
                        .addKeyValue("asked", assign.count());
            case Effect.AddEni add ->
                line.addKeyValue("networkCard", add.networkCard())
                        .addKeyValue("kind", add.kind())
                        .addKeyValue("asked", add.count());
            case Effect.Verify verify -> line.addKeyValue("eni", verify.eni());
            case Effect.Unassign unassign ->
                line.addKeyValue("eni", unassign.eni()).addKeyValue("blocks", unassign.blocks());
            case Effect.RemoveEni remove -> line.addKeyValue("eni", remove.eni());
        };
    }

    /// A label value from a fixed list.
    private static String doing(Effect.Request request) {
        return switch (request) {
            case Effect.AssignBlocks _, Effect.AddEni _ -> "growth";
            case Effect.Verify _ -> "verify";
            case Effect.Unassign _, Effect.RemoveEni _ -> "shrink";
        };
    }
}
