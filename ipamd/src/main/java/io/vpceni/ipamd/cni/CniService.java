package io.vpceni.ipamd.cni;

import com.google.protobuf.ByteString;
import io.vpceni.config.PodName;
import io.vpceni.ipamd.observe.FailedAdds;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Metrics.DelOutcome;
import io.vpceni.ipamd.observe.Metrics.Outcome;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import io.vpceni.rpc.Variable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a request, carries it out, writes the answer and counts it. Also the DELs that the plugin kept.
public final class CniService implements CniServer.Service, DelSpoolReader.Dels {
    private static final Logger log = LoggerFactory.getLogger(CniService.class);
    /// Incremented when the meaning of a message changes; new fields alone do not change it.
    private static final int PROTOCOL = 1;

    private static final int SHOWN_LENGTH_MAX = 253; // of what a request names; a container id has 64 characters
    private static final int REASON_LENGTH_MAX = 2_000; // an event of Kubernetes has 1,024

    private final CniRequestReader reader;
    private final CniResult results;
    private final PodNetwork pods;
    private final LiveSandboxes live;
    private final Supplier<Readiness.Verdict> readiness;
    private final Metrics metrics;
    private final FailedAdds failedAdds;
    private final LongSupplier nanos;
    private final RequestOrder order;

    /// @param live for GC
    /// @param failedAdds records the outcome of each ADD
    /// @param nanos CLOCK_MONOTONIC, as `System.nanoTime()` is on Linux
    public CniService(
            CniRequestReader reader,
            CniResult results,
            PodNetwork pods,
            LiveSandboxes live,
            Supplier<Readiness.Verdict> readiness,
            Metrics metrics,
            FailedAdds failedAdds,
            LongSupplier nanos) {
        this.reader = reader;
        this.results = results;
        this.pods = pods;
        this.live = live;
        this.readiness = readiness;
        this.metrics = metrics;
        this.failedAdds = failedAdds;
        this.nanos = nanos;
        this.order = new RequestOrder(nanos);
    }

    @Override
    public CniAnswer answer(CniRequest request) {
        return answer(request, order.draw(request.getBeganNanos())).answer();
    }

    @Override
    public DelOutcome carryOut(SpooledDel.Valid del) {
        CniRequest request = del.request();
        return answer(request, order.drawKept(request.getBeganNanos()))
                .failure()
                .map(code -> code.isOfTheRequest() ? DelOutcome.REFUSED : DelOutcome.FAILED)
                .orElse(DelOutcome.DONE);
    }

    /// @param failure the code of the error that the answer holds; empty: it holds none
    private record Answered(CniAnswer answer, Optional<CniErrorCode> failure) {}

    private Answered answer(CniRequest request, RequestOrder.Ticket ticket) {
        long began = nanos.getAsLong();
        byte[] stdin = request.getStdin().toByteArray();
        Map<String, String> environment = new HashMap<>();
        for (Variable variable : request.getEnvironmentList()) {
            environment.put(variable.getName(), variable.getValue());
        }
        String command = countedCommand(environment.getOrDefault("CNI_COMMAND", ""));
        try {
            checkProtocol(request);
            byte[] stdout = carryOut(reader.read(environment, stdin), request, ticket, began);
            metrics.request(command, Outcome.OK, elapsed(began));
            return new Answered(success(stdout), Optional.empty());
        } catch (CniFailure e) {
            Outcome outcome = e.code() == CniErrorCode.TRY_AGAIN_LATER ? Outcome.NO_ADDRESS : Outcome.FAILED;
            return failed(environment, stdin, e, outcome, began);
        } catch (InterruptedException _) {
            return failed(
                    environment,
                    stdin,
                    new CniFailure(CniErrorCode.TRY_AGAIN_LATER, "ipamd is stopping; the runtime will try again"),
                    Outcome.FAILED,
                    began);
        } catch (RuntimeException e) {
            metrics.error("cni");
            log.atError().setCause(e).addKeyValue("command", command).log("A CNI request failed because of a bug");
            return failed(
                    environment,
                    stdin,
                    new CniFailure(
                            CniErrorCode.INTERNAL, "ipamd met a bug: " + e + "; please report it with ipamd's log"),
                    Outcome.FAILED,
                    began);
        }
    }

    private Answered failed(
            Map<String, String> environment, byte[] stdin, CniFailure failure, Outcome outcome, long began) {
        String command = countedCommand(environment.getOrDefault("CNI_COMMAND", ""));
        CniAnswer answer = failure(environment, stdin, failure, began);
        metrics.request(command, outcome, elapsed(began));
        return new Answered(answer, Optional.of(failure.code()));
    }

    private static void checkProtocol(CniRequest request) throws CniFailure {
        if (Integer.compareUnsigned(request.getProtocol(), PROTOCOL) > 0) {
            throw new CniFailure(
                    CniErrorCode.TRY_AGAIN_LATER,
                    "the plugin speaks version " + Integer.toUnsignedString(request.getProtocol())
                            + " of the protocol between plugin and ipamd, and this ipamd knows version " + PROTOCOL
                            + ": nothing was done; update ipamd to the plugin's release");
        }
    }

    private byte[] carryOut(CniCommand command, CniRequest request, RequestOrder.Ticket ticket, long began)
            throws CniFailure, InterruptedException {
        return switch (command) {
            case CniCommand.Add add -> results.added(add.version(), add(add, request, ticket, began));
            case CniCommand.Del del -> {
                metrics.delArrived("PodDeleted");
                pods.delete(ticket, del);
                yield new byte[0];
            }
            case CniCommand.NothingToUndo nothing -> {
                metrics.delArrived("PodDeleted");
                log.atInfo()
                        .addKeyValue("reason", nothing.why())
                        .log("DEL: nothing to delete, because no ADD accepts this key");
                yield new byte[0];
            }
            case CniCommand.Check check -> {
                pods.check(check, request.getNetnsNonce().toByteArray(), request.getNetnsErrno());
                yield new byte[0];
            }
            case CniCommand.CollectGarbage garbage -> {
                pods.collectGarbage(ticket, garbage, live);
                yield new byte[0];
            }
            case CniCommand.Status _ -> {
                Readiness.Verdict verdict = readiness.get();
                if (!verdict.ready()) {
                    throw new CniFailure(CniErrorCode.NOT_AVAILABLE, verdict.reason());
                }
                yield new byte[0];
            }
            case CniCommand.Version version -> results.versions(version);
        };
    }

    private CniResult.Wired add(CniCommand.Add add, CniRequest request, RequestOrder.Ticket ticket, long began)
            throws CniFailure, InterruptedException {
        metrics.addArrived();
        byte[] nonce = request.getNetnsNonce().toByteArray();
        CniResult.Wired wired = pods.add(ticket, add, nonce, request.getNetnsErrno());
        failedAdds.succeeded(add.pod());
        log.atInfo()
                .addKeyValue("container", add.key().containerId())
                .addKeyValue("pod", add.pod())
                .addKeyValue("address", wired.address().getHostAddress())
                .addKeyValue("eni", wired.eni())
                .addKeyValue("interface", wired.hostInterface())
                .addKeyValue("took", elapsed(began))
                .log("Added a pod");
        return wired;
    }

    private CniAnswer failure(Map<String, String> environment, byte[] stdin, CniFailure failure, long began) {
        String command = CniRequestReader.shown(environment.getOrDefault("CNI_COMMAND", ""), SHOWN_LENGTH_MAX);
        String container = CniRequestReader.shown(environment.getOrDefault("CNI_CONTAINERID", ""), SHOWN_LENGTH_MAX);
        String reason = CniRequestReader.shown(String.valueOf(failure.getMessage()), REASON_LENGTH_MAX);
        PodName pod = CniRequestReader.shownPodName(environment);
        if (command.equals("ADD") && !pod.equals(PodName.UNKNOWN)) {
            failedAdds.failed(pod, failure.code().code(), reason);
        }
        log.atWarn()
                .addKeyValue("command", command)
                .addKeyValue("pod", pod)
                .addKeyValue("container", container)
                .addKeyValue("code", failure.code().code())
                .addKeyValue("reason", reason)
                .addKeyValue("took", elapsed(began))
                .log("Answered a CNI error");
        return CniAnswer.newBuilder()
                .setProtocol(PROTOCOL)
                .setExitCode(1)
                .setStdout(ByteString.copyFrom(results.failed(reader.versionForErrors(stdin), failure)))
                .build();
    }

    private static CniAnswer success(byte[] stdout) {
        return CniAnswer.newBuilder()
                .setProtocol(PROTOCOL)
                .setStdout(ByteString.copyFrom(stdout))
                .build();
    }

    private Duration elapsed(long began) {
        return Duration.ofNanos(nanos.getAsLong() - began);
    }

    /// A label value from a fixed list, whatever the request says.
    private static String countedCommand(String command) {
        return switch (command) {
            case "ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION" -> command;
            default -> "other";
        };
    }
}
