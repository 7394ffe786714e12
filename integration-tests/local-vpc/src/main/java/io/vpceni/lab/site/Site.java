package io.vpceni.lab.site;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.vpc.VpcNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A whole lab: the [LabInfrastructure], ipamd on each node, and pods. Thread-safe.
public final class Site implements AutoCloseable {
    /// The Kubernetes namespace of the lab's pods.
    public static final String POD_NAMESPACE = "demo";

    private final LabInfrastructure infrastructure;
    private final SitePlan plan;
    private final LongSupplier nanoTime;
    private final SequencedMap<String, SiteNode> nodes;
    private final Map<String, ConfinedIpamd> ipamds = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> starts = new ConcurrentHashMap<>(); // by node: one at a time
    private final ReentrantLock lock = new ReentrantLock(); // never held during slow work
    // Guarded by lock.
    private final SequencedMap<String, SitePod> pods = new LinkedHashMap<>();
    private final Map<String, SiteNode> adding = new LinkedHashMap<>();
    private final Set<String> deleting = new HashSet<>();
    private int podNumber;

    private Site(
            LabInfrastructure infrastructure,
            SitePlan plan,
            LongSupplier nanoTime,
            SequencedMap<String, SiteNode> nodes) {
        this.infrastructure = infrastructure;
        this.plan = plan;
        this.nanoTime = nanoTime;
        nodes.forEach((name, node) -> {
            ipamds.put(name, node.ipamd());
            starts.put(name, new ReentrantLock());
        });
        this.nodes = Collections.unmodifiableSequencedMap(nodes);
    }

    /// Starts a whole lab; the ipamds start in parallel.
    ///
    /// @param progress takes one line for each step that is done
    /// @throws IOException also when something cannot be created; what was created belongs to the resources
    public static Site put(
            LabResources resources, SitePlan plan, InstantSource time, LongSupplier nanoTime, Consumer<String> progress)
            throws IOException {
        IpamdInstallation ipamd = IpamdInstallation.built(plan.home());
        Path plugin = plan.home().resolve("cni-binary/target/vpc-eni");
        if (!Files.isExecutable(plugin)) {
            throw new IOException("the plugin is not built: " + plugin + " is missing; ./lab builds it");
        }
        LabInfrastructure infrastructure = LabInfrastructure.prepare(resources, plan, time, nanoTime, progress);
        try {
            SequencedMap<VpcNode, FutureTask<ConfinedIpamd>> starts = new LinkedHashMap<>();
            for (VpcNode node : infrastructure.nodes().values()) {
                FutureTask<ConfinedIpamd> start = new FutureTask<>(() -> ConfinedIpamd.start(
                        resources,
                        node.namespace(),
                        node.name(),
                        ipamd,
                        infrastructure.ec2Endpoint(),
                        plan.settingsOf(node.name()),
                        nanoTime));
                starts.put(node, start);
                Thread _ =
                        Thread.ofPlatform().name("ipamd-start-" + node.name()).start(start);
            }
            SequencedMap<String, SiteNode> nodes = new LinkedHashMap<>();
            for (Map.Entry<VpcNode, FutureTask<ConfinedIpamd>> start : starts.entrySet()) {
                VpcNode node = start.getKey();
                ConfinedIpamd started = await(start.getValue());
                CniRuntime runtime = new CniRuntime(resources, node.namespace(), plugin, started.conflist(), nanoTime);
                nodes.put(node.name(), new SiteNode(node, started, runtime));
                progress.accept(node.name() + ": ipamd ready after "
                        + started.readyAfter().toMillis() + " ms");
            }
            return new Site(infrastructure, plan, nanoTime, nodes);
        } catch (IOException | RuntimeException e) {
            infrastructure.close();
            throw e;
        }
    }

    private static ConfinedIpamd await(Future<ConfinedIpamd> start) throws IOException {
        try {
            return start.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() instanceof IOException failure ? failure.getMessage() : e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ipamd starts", e);
        }
    }

    public LabInfrastructure infrastructure() {
        return infrastructure;
    }

    /// The nodes by name, in the order of their launch.
    public SequencedMap<String, SiteNode> nodes() {
        return nodes;
    }

    /// @throws IOException when there is no such node; the message names those that exist
    public SiteNode node(String name) throws IOException {
        SiteNode node = nodes.get(name);
        if (node == null) {
            throw new IOException("no node '" + name + "': there are " + String.join(", ", nodes.keySet()));
        }
        return node;
    }

    /// The pods in the order in which they were added.
    public List<SitePod> pods() {
        lock.lock();
        try {
            return new ArrayList<>(pods.values());
        } finally {
            lock.unlock();
        }
    }

    /// @throws IOException when there is no such pod; the message names those that exist
    public SitePod pod(String name) throws IOException {
        lock.lock();
        try {
            SitePod pod = pods.get(name);
            if (pod == null) {
                throw new IOException("no pod '" + name + "': there "
                        + (pods.isEmpty() ? "is none" : "are " + String.join(", ", pods.keySet())));
            }
            return pod;
        } finally {
            lock.unlock();
        }
    }

    /// The pods of the node, including those that are being added.
    public long load(SiteNode node) {
        lock.lock();
        try {
            return pods.values().stream().filter(pod -> pod.node().equals(node)).count()
                    + adding.values().stream().filter(node::equals).count();
        } finally {
            lock.unlock();
        }
    }

    /// Adds a pod with an echo server in it. Waits for no other pod.
    public SitePod addPod(SiteNode node, String name) throws IOException {
        String role = beginToAdd(node, name);
        try {
            PodSandbox sandbox = node.runtime().add(role, POD_NAMESPACE, name);
            FabricEni eni = owner(node, sandbox);
            SitePod pod =
                    new SitePod(node, sandbox, eni.eniId(), eni.deviceIndex(), EchoServer.in(sandbox.namespace()));
            added(pod);
            return pod;
        } finally {
            endOfAdding(name);
        }
    }

    /// @return the name of its sandbox's namespace within the lab
    private String beginToAdd(SiteNode node, String name) throws IOException {
        lock.lock();
        try {
            if (pods.containsKey(name)) {
                throw new IOException("pod '" + name + "' runs already, on "
                        + pods.get(name).node().name());
            }
            if (adding.containsKey(name)) {
                throw new IOException("pod '" + name + "' is being added already, on "
                        + adding.get(name).name());
            }
            adding.put(name, node);
            podNumber++;
            return "pod-" + podNumber;
        } finally {
            lock.unlock();
        }
    }

    private void added(SitePod pod) {
        lock.lock();
        try {
            pods.put(pod.name(), pod);
        } finally {
            lock.unlock();
        }
    }

    private void endOfAdding(String name) {
        lock.lock();
        try {
            adding.remove(name);
        } finally {
            lock.unlock();
        }
    }

    private FabricEni owner(SiteNode node, PodSandbox sandbox) throws IOException {
        return infrastructure.enisOf(node.vpcNode()).values().stream()
                .filter(eni -> eni.addresses().contains(sandbox.address()))
                .findFirst()
                .orElseThrow(() -> new IOException("pod " + sandbox.podName() + " on " + node.name() + " got "
                        + sandbox.address().getHostAddress() + ", which EC2 has assigned to no ENI of the node"));
    }

    public void deletePod(SitePod pod) throws IOException {
        deletePod(pod, pod.node().runtime()::delete);
    }

    /// As [#deletePod], without waiting: no DEL while ipamd does not run, and one try while it does not answer.
    public void deletePodNow(SitePod pod) throws IOException {
        requireIpamd(pod.node(), "the pod stays, as it does while a kubelet repeats its DEL");
        deleteOnce(pod);
    }

    private interface Deletion {
        void of(PodSandbox sandbox) throws IOException;
    }

    private void deletePod(SitePod pod, Deletion deletion) throws IOException {
        beginToDelete(pod);
        try {
            deletion.of(pod.sandbox());
            pod.echoServer().close();
            forget(pod);
        } finally {
            endOfDeleting(pod);
        }
    }

    private void beginToDelete(SitePod pod) throws IOException {
        lock.lock();
        try {
            if (!deleting.add(pod.name())) {
                throw new IOException("pod '" + pod.name() + "' is being deleted already");
            }
        } finally {
            lock.unlock();
        }
    }

    private void endOfDeleting(SitePod pod) {
        lock.lock();
        try {
            deleting.remove(pod.name());
        } finally {
            lock.unlock();
        }
    }

    void forget(SitePod pod) {
        lock.lock();
        try {
            pods.remove(pod.name());
        } finally {
            lock.unlock();
        }
    }

    /// The last started ipamd of the node.
    public ConfinedIpamd ipamd(SiteNode node) {
        return Objects.requireNonNull(ipamds.get(node.name()));
    }

    /// Fails when ipamd does not run.
    ///
    /// @param meanwhile what happens to the request
    public void requireIpamd(SiteNode node, String meanwhile) throws IOException {
        if (!ipamd(node).process().isAlive()) {
            throw new IOException("ipamd on " + node.name() + " does not run, and " + meanwhile + ": './lab start "
                    + node.name() + "' starts it");
        }
    }

    /// Ends ipamd with SIGKILL, as the OOM killer does.
    ///
    /// @throws IOException when it does not run
    public void killIpamd(SiteNode node) throws IOException {
        requireIpamd(node, "there is nothing to kill");
        Process process = ipamd(node).process().destroyForcibly();
        try {
            int _ = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ipamd on " + node.name() + " ends", e);
        }
    }

    /// Ends ipamd with SIGTERM, as the kubelet does; does nothing when it does not run.
    public void stopIpamd(SiteNode node) throws IOException {
        ipamd(node).close();
    }

    /// Starts ipamd again and waits until it serves.
    ///
    /// @throws IOException when it runs already; when it is not ready in time (it keeps running); when it ends,
    ///     with the end of its log
    public void startIpamd(SiteNode node) throws IOException {
        startIpamd(node, ConfinedIpamd.READY_MAX);
    }

    /// As [#startIpamd(SiteNode)], with a limit for the time until it is ready.
    public void startIpamd(SiteNode node, Duration readyMax) throws IOException {
        ConfinedIpamd begun = begin(node);
        if (!begun.becomesReady(readyMax)) {
            throw new IOException("ipamd on " + node.name() + " is running but not ready after " + readyMax.toSeconds()
                    + " s: " + IntrospectionClient.readiness(node.vpcNode().namespace()) + "; './lab logs "
                    + node.name() + "' tells more");
        }
    }

    private ConfinedIpamd begin(SiteNode node) throws IOException {
        ReentrantLock start = Objects.requireNonNull(starts.get(node.name()));
        start.lock();
        try {
            if (ipamd(node).process().isAlive()) {
                throw new IOException("ipamd on " + node.name() + " runs already: './lab restart " + node.name()
                        + "' ends it and starts it anew");
            }
            ConfinedIpamd begun = ConfinedIpamd.begin(
                    infrastructure.resources(),
                    node.vpcNode().namespace(),
                    node.name(),
                    IpamdInstallation.built(plan.home()),
                    infrastructure.ec2Endpoint(),
                    plan.settingsOf(node.name()),
                    nanoTime);
            ipamds.put(node.name(), begun); // visible to others from here on
            return begun;
        } finally {
            start.unlock();
        }
    }

    /// Ends the lab as [#takeDown] does.
    ///
    /// @throws IOException the first failure
    @Override
    public void close() throws IOException {
        List<IOException> failures = takeDown(_ -> {});
        if (!failures.isEmpty()) {
            IOException first = failures.getFirst();
            failures.subList(1, failures.size()).forEach(first::addSuppressed);
            throw first;
        }
    }

    /// Ends the lab: see [TakeDown].
    ///
    /// @param progress takes a line before each step and for each failure
    /// @return the failures
    public List<IOException> takeDown(Consumer<String> progress) {
        return new TakeDown(this, progress).run();
    }

    void deleteOnce(SitePod pod) throws IOException {
        deletePod(pod, pod.node().runtime()::deleteOnce);
    }
}
