package io.vpceni.ipamd.cni;

import static io.vpceni.ipamd.cni.CniErrorCode.INVALID_ENVIRONMENT;
import static io.vpceni.ipamd.cni.CniErrorCode.TRY_AGAIN_LATER;

import io.vpceni.config.AttachmentKey;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.network.PodExpectation;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Message;
import io.vpceni.pool.PoolSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out ADD, DEL, CHECK and GC: the pool's part, the kernel's part, and their order.
///
/// ADD first takes an address and then wires the pod. When the wiring fails, the ADD that took the address releases it;
/// a repeated ADD leaves it with its key. DEL first deletes rules and routes and then releases the address, so that no
/// packet of the old pod can reach a new one. Both hold their attachment's lock while they change the kernel.
public final class PodNetwork {
    private static final Logger log = LoggerFactory.getLogger(PodNetwork.class);
    private static final Duration WIRING_MAX = Duration.ofSeconds(25); // more than the kernel side's own limit of 20 s
    private static final Duration OWNER_ANSWER_MAX =
            Duration.ofSeconds(10); // on top of the ADD's own wait: the owner is stuck

    private final PoolOwner owner;
    private final PodDatapath wires;
    private final Metrics metrics;
    private final Supplier<Optional<String>> growthBlocker;
    private final Duration addWait;
    private final KeyedMutex gates = new KeyedMutex();

    /// @param growthBlocker why requested addresses do not come; empty when none are requested or no cause is known
    /// @param addWait how long an ADD waits for an address
    public PodNetwork(
            PoolOwner owner,
            PodDatapath wires,
            Metrics metrics,
            Supplier<Optional<String>> growthBlocker,
            Duration addWait) {
        this.owner = owner;
        this.wires = wires;
        this.metrics = metrics;
        this.growthBlocker = growthBlocker;
        this.addWait = addWait;
    }

    /// @param ticket taken when the request reached ipamd
    /// @param nonce identifies the descriptor of the sandbox; empty when none was sent
    /// @param netnsErrno why CNI_NETNS could not be opened; 0 when it could
    CniResult.Wired add(RequestOrder.Ticket ticket, CniCommand.Add add, byte[] nonce, int netnsErrno)
            throws CniFailure, InterruptedException {
        requireNetns(add.netnsPath(), nonce, netnsErrno);
        try (PodDatapath.Sandbox sandbox = wires.sandbox(nonce);
                KeyedMutex.Held _ = gates.enter(add.key(), addWait.plus(WIRING_MAX))) {
            if (ticket.isGivenUp()) {
                throw new CniFailure(
                        TRY_AGAIN_LATER,
                        "this ADD began more than two minutes ago: the runtime has given it up and starts another "
                                + "one");
            }
            AssignResult result = answer(
                    owner.assign(ticket.number(), add.key(), add.pod(), addWait),
                    addWait.plus(OWNER_ANSWER_MAX),
                    add.key());
            return switch (result) {
                case AssignResult.Assigned(Assignment assignment) -> wireOrGiveBack(sandbox, add, assignment);
                case AssignResult.AlreadyAssigned(Assignment assignment) -> wireAgain(sandbox, add, assignment);
                case AssignResult.NoAddress(String reason, boolean growing) -> {
                    metrics.noAddress();
                    throw new CniFailure(TRY_AGAIN_LATER, growing ? reason + "; " + whatToDo() : reason);
                }
                case AssignResult.Cancelled() ->
                    throw new CniFailure(TRY_AGAIN_LATER, "a DEL of this sandbox came while its ADD was in progress");
            };
        }
    }

    private static void requireNetns(String path, byte[] nonce, int netnsErrno) throws CniFailure {
        if (netnsErrno != 0) {
            throw new CniFailure(
                    INVALID_ENVIRONMENT,
                    "CNI_NETNS='" + path + "' cannot be opened: " + errnoName(netnsErrno)
                            + "; the sandbox is gone or the path is wrong");
        }
        if (nonce.length == 0) {
            throw new CniFailure(INVALID_ENVIRONMENT, "CNI_NETNS='" + path + "' was not opened by the plugin");
        }
    }

    private String whatToDo() {
        return growthBlocker.get().orElse("try again later; 'ipamctl cloud' shows what the node waits for");
    }

    private CniResult.Wired wireOrGiveBack(PodDatapath.Sandbox sandbox, CniCommand.Add add, Assignment assignment)
            throws CniFailure, InterruptedException {
        try {
            return sandbox.wire(add, assignment);
        } catch (PodDatapath.OutcomeUnknown e) {
            throw unknown(e); // the address stays with its key until the DEL
        } catch (CniFailure e) {
            metrics.error("wire");
            owner.tell(isOfTheSandbox(e) ? new Message.NeverWired(add.key()) : new Message.Release(add.key()));
            throw e;
        } catch (RuntimeException e) {
            metrics.error("wire");
            owner.tell(new Message.Release(add.key()));
            throw e;
        }
    }

    /// Nothing was wired, and the runtime will repeat the ADD: the address needs no cooldown. Otherwise each
    /// try would cool another address.
    private static boolean isOfTheSandbox(CniFailure e) {
        return e.code() == INVALID_ENVIRONMENT || e.code() == CniErrorCode.INTERFACE_EXISTS;
    }

    /// The address belongs to an earlier try that may have been wired, so this one does not release it.
    private CniResult.Wired wireAgain(PodDatapath.Sandbox sandbox, CniCommand.Add add, Assignment assignment)
            throws CniFailure {
        try {
            return sandbox.wire(add, assignment);
        } catch (PodDatapath.OutcomeUnknown e) {
            throw unknown(e);
        }
    }

    private CniFailure unknown(PodDatapath.OutcomeUnknown e) {
        metrics.error("wire");
        return new CniFailure(
                TRY_AGAIN_LATER,
                "the pod's wiring was interrupted: " + e.getMessage() + "; the runtime will try again",
                e);
    }

    /// Succeeds also when it is repeated and for an unknown key.
    ///
    /// @param ticket taken when the request reached ipamd
    void delete(RequestOrder.Ticket ticket, CniCommand.Del del) throws CniFailure, InterruptedException {
        owner.cancelWaitingAdds(ticket.number(), del.key()); // before the lock: a waiting ADD holds it
        try (KeyedMutex.Held _ = gates.enter(del.key(), WIRING_MAX)) {
            Optional<Assignment> held = answer(owner.whoHolds(ticket.number(), del.key()), OWNER_ANSWER_MAX, del.key());
            if (held.isPresent()) {
                delete(held.get());
            }
        }
    }

    /// Compares the sandbox with what its ADD made: the pool, the kernel and the runtime agree on its address, and
    /// packets reach it. Changes nothing.
    ///
    /// @throws CniFailure DIFFERENT: it names each difference
    void check(CniCommand.Check check, byte[] nonce, int netnsErrno) throws CniFailure, InterruptedException {
        requireNetns(check.netnsPath(), nonce, netnsErrno);
        try (PodDatapath.Sandbox sandbox = wires.sandbox(nonce);
                KeyedMutex.Held _ = gates.enter(check.key(), WIRING_MAX)) {
            List<String> differences = new ArrayList<>();
            Optional<PoolSnapshot.AddressView> held = addressOf(check.key());
            if (held.isEmpty()) {
                differences.add("ipamd has no address for this sandbox");
            } else {
                InetAddress address = held.get().address();
                if (held.get().state() == AddressState.DISPUTED) {
                    differences.add("EC2 does not list its address " + address.getHostAddress()
                            + " on an ENI of this node, or another pod has it too ('ipamctl explain "
                            + address.getHostAddress() + "')");
                }
                if (!check.addresses().equals(Set.of(address))) {
                    differences.add("the runtime knows the address " + text(check.addresses())
                            + " and ipamd has given it " + address.getHostAddress());
                }
                differences.addAll(sandbox.check(new PodExpectation(check.key(), address, check.defaultRoute())));
            }
            if (!differences.isEmpty()) {
                throw new CniFailure(
                        CniErrorCode.DIFFERENT,
                        String.join("; ", differences),
                        "another ADD of this sandbox restores what it lost; if it does not, delete the pod");
            }
        }
    }

    private static String text(Set<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).sorted().collect(Collectors.joining(", "));
    }

    private Optional<PoolSnapshot.AddressView> addressOf(AttachmentKey key) throws CniFailure, InterruptedException {
        return answer(owner.look(), OWNER_ANSWER_MAX, key).addresses().stream()
                .filter(address -> address.holder()
                        .map(Assignment::key)
                        .filter(key::equals)
                        .isPresent())
                .findFirst();
    }

    /// Takes away what the network has of attachments that the runtime does not list and the kernel does not show. One
    /// that the kernel shows is alive, whatever the runtime says: it stays and is reported.
    ///
    /// @param ticket of the GC: what an ADD that began later has is not touched
    /// @throws CniFailure when something could not be taken away; the rest was
    void collectGarbage(RequestOrder.Ticket ticket, CniCommand.CollectGarbage garbage, LiveSandboxes live)
            throws CniFailure, InterruptedException {
        if (garbage.valid().isEmpty()) {
            return;
        }
        Set<AttachmentKey> valid = garbage.valid().get();
        List<Assignment> candidates =
                answer(owner.look(), OWNER_ANSWER_MAX, "network " + garbage.network()).addresses().stream()
                        .flatMap(address -> address.holder().stream())
                        .filter(holder ->
                                holder.key().network().equals(garbage.network()) && !valid.contains(holder.key()))
                        .toList();
        List<String> failures = new ArrayList<>();
        for (Assignment candidate : candidates) {
            try (KeyedMutex.Held _ = gates.enter(candidate.key(), WIRING_MAX)) { // no ADD of it is under way
                collect(ticket, candidate, live);
            } catch (CniFailure e) {
                failures.add(candidate.key().containerId() + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            throw new CniFailure(CniErrorCode.IO_FAILURE, String.join("; ", failures));
        }
    }

    private void collect(RequestOrder.Ticket ticket, Assignment candidate, LiveSandboxes live)
            throws CniFailure, InterruptedException {
        if (isAlive(candidate, live)) {
            log.atWarn()
                    .addKeyValue("container", candidate.key().containerId())
                    .addKeyValue("pod", candidate.pod())
                    .addKeyValue("address", candidate.address().getHostAddress())
                    .log("GC: the runtime does not list this sandbox, but the kernel shows its link: it stays");
            return;
        }
        Optional<Assignment> held =
                answer(owner.whoHolds(ticket.number(), candidate.key()), OWNER_ANSWER_MAX, candidate.key());
        if (held.isPresent()) {
            delete(held.get());
        }
    }

    private static boolean isAlive(Assignment candidate, LiveSandboxes live) throws CniFailure {
        try {
            Map<InetAddress, AttachmentKey> shown = live.live();
            return shown.containsKey(candidate.address()) || shown.containsValue(candidate.key());
        } catch (IOException e) {
            throw new CniFailure(
                    CniErrorCode.IO_FAILURE,
                    "the kernel's links cannot be read: " + e.getMessage() + "; nothing was taken away",
                    e);
        }
    }

    private void delete(Assignment assignment) throws CniFailure, InterruptedException {
        wires.unwire(assignment);
        owner.tell(new Message.Release(assignment.key()));
        log.atInfo()
                .addKeyValue("container", assignment.key().containerId())
                .addKeyValue("pod", assignment.pod())
                .addKeyValue("address", assignment.address().getHostAddress())
                .addKeyValue("eni", assignment.eni())
                .log("Deleted a pod");
    }

    private static <T> T answer(CompletableFuture<T> future, Duration wait, AttachmentKey key)
            throws CniFailure, InterruptedException {
        return answer(future, wait, "container " + key.containerId());
    }

    private static <T> T answer(CompletableFuture<T> future, Duration wait, String about)
            throws CniFailure, InterruptedException {
        try {
            return future.get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new CniFailure(
                    TRY_AGAIN_LATER,
                    "timed out waiting for ipamd's decision about " + about + "; the runtime will try again",
                    e);
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
