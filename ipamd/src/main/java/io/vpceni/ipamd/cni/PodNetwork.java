package io.vpceni.ipamd.cni;

import static io.vpceni.ipamd.cni.CniErrorCode.INVALID_ENVIRONMENT;
import static io.vpceni.ipamd.cni.CniErrorCode.TRY_AGAIN_LATER;

import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ADD and DEL: an address from the pool, wiring by the kernel, and the order of the two.
///
/// ADD takes the address first and wires then; when the wiring fails what was wired under its key is taken away
/// and the address goes back and cools. DEL takes rules and routes away first and gives the address back then, so that
/// no packet of the old pod's can reach a new one.
public final class PodNetwork {
    private static final Logger log = LoggerFactory.getLogger(PodNetwork.class);
    private static final Duration OWNER_ANSWER_MAX = Duration.ofSeconds(10); // beyond an ADD's own wait: a stuck owner

    private final PoolOwner owner;
    private final PodWires wires;
    private final Metrics metrics;
    private final Duration addWait;

    /// @param addWait how long an ADD waits for an address
    public PodNetwork(PoolOwner owner, PodWires wires, Metrics metrics, Duration addWait) {
        this.owner = owner;
        this.wires = wires;
        this.metrics = metrics;
        this.addWait = addWait;
    }

    /// @param nonce names the descriptor of the sandbox; empty when none was sent
    /// @param netnsErrno why CNI_NETNS could not be opened; 0 when it could
    CniResult.Wired add(CniCommand.Add add, byte[] nonce, int netnsErrno) throws CniFailure, InterruptedException {
        if (netnsErrno != 0) {
            throw new CniFailure(
                    INVALID_ENVIRONMENT,
                    "CNI_NETNS='" + add.netnsPath() + "' cannot be opened: " + errnoName(netnsErrno)
                            + "; the sandbox is gone or the path is wrong");
        }
        if (nonce.length == 0) {
            throw new CniFailure(
                    INVALID_ENVIRONMENT, "CNI_NETNS='" + add.netnsPath() + "' was not opened by the plugin");
        }
        try (PodWires.Sandbox sandbox = wires.sandbox(nonce)) {
            Assignment assignment = assign(add);
            try {
                return sandbox.wire(add, assignment);
            } catch (CniFailure | RuntimeException e) {
                metrics.error("wire");
                giveBack(assignment, e);
                throw e;
            }
        }
    }

    /// An earlier try of the same ADD may have been wired: its address is free only when nothing leads to it any more.
    private void giveBack(Assignment assignment, Exception failure) throws InterruptedException {
        try {
            wires.unwire(assignment);
            owner.tell(new Message.Release(assignment.key()));
        } catch (CniFailure | RuntimeException e) {
            failure.addSuppressed(e); // the address stays with its key until the DEL
        }
    }

    /// Repeated, or for a key that never was: success.
    void delete(CniCommand.Del del) throws CniFailure, InterruptedException {
        Optional<Assignment> held = answer(owner.prepareRelease(del.key()), OWNER_ANSWER_MAX, del.key());
        if (held.isEmpty()) {
            log.atDebug().addKeyValue("container", del.key().containerId()).log("Nothing to delete");
            return;
        }
        Assignment assignment = held.get();
        wires.unwire(assignment);
        owner.tell(new Message.Release(del.key()));
        log.atInfo()
                .addKeyValue("container", del.key().containerId())
                .addKeyValue(
                        "pod",
                        assignment.pod().namespace() + "/" + assignment.pod().name())
                .addKeyValue("address", assignment.address().getHostAddress())
                .addKeyValue("eni", assignment.eni())
                .log("Deleted a pod");
    }

    private Assignment assign(CniCommand.Add add) throws CniFailure, InterruptedException {
        AssignResult result =
                answer(owner.assign(add.key(), add.pod(), addWait), addWait.plus(OWNER_ANSWER_MAX), add.key());
        return switch (result) {
            case AssignResult.Assigned(Assignment assignment) -> assignment;
            case AssignResult.NoAddress(String reason) -> {
                metrics.noAddress();
                throw new CniFailure(TRY_AGAIN_LATER, reason);
            }
            case AssignResult.Cancelled() ->
                throw new CniFailure(TRY_AGAIN_LATER, "a DEL of this sandbox came while its ADD was waiting");
        };
    }

    private static <T> T answer(CompletableFuture<T> future, Duration wait, AttachmentKey key)
            throws CniFailure, InterruptedException {
        try {
            return future.get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CniFailure(TRY_AGAIN_LATER, "ipamd did not decide about " + key.containerId() + " in time", e);
        } catch (ExecutionException e) {
            throw new CniFailure(TRY_AGAIN_LATER, "ipamd cannot decide now: " + e.getCause(), e);
        }
    }

    /// The errnos that open(2) of a namespace path gives.
    private static String errnoName(int errno) {
        return switch (errno) {
            case 1 -> "EPERM";
            case 2 -> "ENOENT (no such file)";
            case 13 -> "EACCES";
            case 20 -> "ENOTDIR";
            case 24 -> "EMFILE (too many open files)";
            case 40 -> "ELOOP";
            default -> "errno " + errno;
        };
    }
}
