package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.Ec2HttpListener.ApiRequest;
import io.vpceni.lab.ec2.fault.CallFaults;
import io.vpceni.lab.ec2.fault.CallFaults.Loss;
import io.vpceni.lab.ec2.fault.FaultInjector;
import io.vpceni.lab.ec2.fault.Principals;
import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/// Handles each request: identifies the sender, applies the faults, carries the request out under the account's lock,
/// and logs it.
final class RequestHandler {
    /// Parameters that say what a call is about, the most telling first.
    private static final List<String> ABOUT = List.of(
            "NetworkInterfaceId",
            "AttachmentId",
            "NetworkInterfaceId.1",
            "InstanceId",
            "InstanceId.1",
            "SubnetId",
            "SubnetId.1",
            "ResourceId.1");

    /// The sender of a request, or why it is unknown.
    private record Signed(Principals who, Optional<Caller> caller, Optional<Ec2Refusal> refusal) {
        private static final Principals UNKNOWN = new Principals("unknown", "");

        static Signed by(Principals who, Caller caller) {
            return new Signed(who, Optional.of(caller), Optional.empty());
        }

        static Signed byNobody(Ec2Refusal refusal) {
            return new Signed(UNKNOWN, Optional.empty(), Optional.of(refusal));
        }
    }

    private final Account account;
    private final AccessKeys keys;
    private final Function<Ec2State, Ec2Api> apis;
    private final Ec2Api api;
    private final CallerIdentity identities;
    private final FaultInjector faults;
    private final History history;
    private final CallLog calls;
    private final Ec2Delays delays;
    private final InstantSource time;
    private final Runnable changed;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param apis the API of any state of the account
    /// @param changed is called after what may have changed the account
    RequestHandler(
            Account account,
            AccessKeys keys,
            Function<Ec2State, Ec2Api> apis,
            FaultInjector faults,
            History history,
            CallLog calls,
            InstantSource time,
            Runnable changed) {
        this.account = account;
        this.keys = keys;
        this.apis = apis;
        this.api = apis.apply(account.state());
        this.identities = new CallerIdentity(account.state());
        this.faults = faults;
        this.history = history;
        this.calls = calls;
        this.delays = account.state().delays();
        this.time = time;
        this.changed = changed;
    }

    /// @return empty: the connection dies
    Optional<Ec2Api.Answer> receive(ApiRequest request) {
        Instant received = time.instant();
        String action = request.form().getOrDefault("Action", "");
        Signed signed = account.locked(() -> signed(request));
        long call = calls.begins(
                new CallLog.UnderWay(received, signed.who().id(), signed.who().name(), action));
        try {
            return receive(request, action, signed, received);
        } finally {
            calls.ends(call);
        }
    }

    private Optional<Ec2Api.Answer> receive(ApiRequest request, String action, Signed signed, Instant received) {
        if (CallerIdentity.isAskedBy(request)) {
            Ec2Api.Answer identity = account.locked(() -> identities.answer(request, signed.caller()));
            note(received, signed.who(), request, identity.outcome(), CallFaults.none());
            return Optional.of(identity);
        }
        CallFaults callFaults = signed.caller().isPresent() ? faults.onCall(action, signed.who()) : CallFaults.none();
        pause(callFaults.before());
        if (callFaults.loss() == Loss.REQUEST) {
            note(received, signed.who(), request, CallLog.Call.NOT_DONE, callFaults);
            return Optional.empty();
        }
        Ec2Api.Answer answer = account.locked(() -> perform(request, signed, callFaults));
        if (answer.changed()) {
            changed.run();
        }
        pause(callFaults.after());
        note(received, signed.who(), request, answer.outcome(), callFaults);
        return callFaults.loss() == Loss.ANSWER ? Optional.empty() : Optional.of(answer);
    }

    private Signed signed(ApiRequest request) {
        if (request.refusal().isPresent()) {
            return Signed.byNobody(request.refusal().get());
        }
        account.state().settle();
        try {
            Caller caller = keys.caller(request.authorization(), request.sessionToken());
            return Signed.by(
                    switch (caller) {
                        case Caller.Administrator _ -> Principals.administrator();
                        case Caller.Node(String instanceId) -> account.who(instanceId);
                    },
                    caller);
        } catch (Ec2Refusal nobody) {
            return Signed.byNobody(nobody);
        }
    }

    private Ec2Api.Answer perform(ApiRequest request, Signed signed, CallFaults callFaults) {
        if (signed.caller().isEmpty()) {
            return api.refused(signed.refusal().orElseThrow());
        }
        Optional<Ec2Refusal> unsupported = UnsupportedRequests.service(request.authorization());
        if (unsupported.isPresent()) {
            return api.refused(unsupported.get());
        }
        if (callFaults.refusalCode().isPresent()) {
            return api.refused(Refusals.of(callFaults.refusalCode().get()));
        }
        Ec2State state = account.state();
        state.settle();
        Caller caller = signed.caller().get();
        if (callFaults.age().isPositive()) {
            Ec2State then = history.asOf(state.now().minus(callFaults.age()));
            return apis.apply(then).answer(request.form(), caller);
        }
        history.keep();
        state.delays(delays.with(callFaults.attachDelay(), callFaults.detachDelay()));
        Map<String, String> form =
                callFaults.percent() < 100 ? PartOfAssign.of(request.form(), callFaults.percent()) : request.form();
        return api.answer(form, caller);
    }

    private void note(Instant received, Principals who, ApiRequest request, String outcome, CallFaults callFaults) {
        calls.add(new CallLog.Call(
                0,
                received,
                who.id(),
                who.name(),
                request.form().getOrDefault("Action", ""),
                about(request.form()),
                outcome,
                callFaults.loss() == Loss.NOTHING,
                Duration.between(received, time.instant()),
                callFaults.rules()));
    }

    private static String about(Map<String, String> form) {
        return ABOUT.stream()
                .flatMap(name -> Stream.ofNullable(form.get(name)))
                .findFirst()
                .orElse("");
    }

    /// Over at once when the emulation closes.
    private void pause(Duration duration) {
        if (duration.isPositive()) {
            try {
                boolean _ = closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void close() {
        closed.countDown();
    }
}
