package io.vpceni.ipamd.observe;

import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.pool.PoolSnapshot;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The HTTP pages of ipamd. They are served from the start on, and report that ipamd is starting until the pool exists.
public final class Pages {
    private record Shown(
            Supplier<PoolSnapshot> pool, Supplier<Ec2Status> ec2, Introspection introspection, BooleanSupplier alive) {}

    private final Readiness readiness;
    private final Metrics metrics;
    private final AtomicReference<@Nullable Shown> shown = new AtomicReference<>();

    private final AtomicReference<Supplier<String>> access = new AtomicReference<>(() -> "");

    public Pages(Readiness readiness, Metrics metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /// From now on pages without a pool show with which credentials EC2 is called.
    public void showAccess(Supplier<Ec2Access> how, InstantSource time) {
        access.set(() -> AccessText.credentials(how.get().credentials(), time.instant()));
    }

    /// From now on there is a pool.
    ///
    /// @param alive whether all threads that ipamd needs are running
    public void show(
            Supplier<PoolSnapshot> pool, Supplier<Ec2Status> ec2, Introspection introspection, BooleanSupplier alive) {
        shown.set(new Shown(pool, ec2, introspection, alive));
    }

    /// For the kubelet's probes, on a listener that pods cannot reach.
    public Map<String, HttpPages.Page> probes() {
        return Map.of("/readyz", _ -> ready(), "/healthz", _ -> healthy());
    }

    /// For 127.0.0.1:61679.
    public Map<String, HttpPages.Page> introspection() {
        return Map.of(
                "/v1/status",
                _ -> json(s -> {
                    PoolSnapshot pool = s.pool().get();
                    return s.introspection().status(pool, readiness.warned(readiness.verdict(pool)));
                }),
                "/v1/enis",
                _ -> json(s -> s.introspection().enis(s.pool().get(), s.ec2().get())),
                "/v1/cloud",
                _ -> json(s -> s.introspection().cloud(s.pool().get(), s.ec2().get())),
                "/v1/pods",
                _ -> json(s -> s.introspection().pods(s.pool().get())),
                "/v1/explain",
                query -> json(s ->
                        s.introspection().explanation(s.pool().get(), s.ec2().get(), explained(query))),
                "/readyz",
                _ -> ready(),
                "/healthz",
                _ -> healthy());
    }

    /// For :61678.
    public Map<String, HttpPages.Page> metrics() {
        return Map.of(
                "/metrics",
                _ -> HttpPages.Answer.text(200, metrics.render()),
                "/readyz",
                _ -> ready(),
                "/healthz",
                _ -> healthy());
    }

    /// The query `of=10.0.1.5`; without it the pool is explained.
    private static String explained(String query) {
        return query.startsWith("of=") ? query.substring(3) : "pool";
    }

    private HttpPages.Answer json(Function<Shown, String> body) {
        Shown now = shown.get();
        return now == null ? Introspection.readiness(starting()) : HttpPages.Answer.json(body.apply(now));
    }

    private Readiness.Verdict starting() {
        Readiness.Verdict verdict = readiness.withoutPool();
        String how = access.get().get();
        return how.isEmpty() || verdict.reason().contains(how)
                ? verdict
                : new Readiness.Verdict(verdict.ready(), verdict.reason() + ". " + how);
    }

    private HttpPages.Answer ready() {
        Shown now = shown.get();
        return Introspection.readiness(readiness.warned(
                now == null
                        ? readiness.withoutPool()
                        : readiness.verdict(now.pool().get())));
    }

    private HttpPages.Answer healthy() {
        Shown now = shown.get();
        if (!readiness.addsBlockedBy().isEmpty()) {
            return HttpPages.Answer.text(503, readiness.addsBlockedBy() + "\n");
        }
        return now == null || now.alive().getAsBoolean()
                ? HttpPages.Answer.text(200, "ok\n")
                : HttpPages.Answer.text(503, "a thread that ipamd cannot do without has stopped\n");
    }
}
