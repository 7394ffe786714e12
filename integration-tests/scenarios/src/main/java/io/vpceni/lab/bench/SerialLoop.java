package io.vpceni.lab.bench;

import io.vpceni.config.PoolSettings;
import io.vpceni.eni.model.AwsVpcCni;
import io.vpceni.eni.model.AwsVpcCniStock;
import io.vpceni.lab.imds.InterfaceMetadata;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.TypeLimits;
import io.vpceni.lab.world.World;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// The AWS VPC CNI ([AwsVpcCni]) with its defaults (WARM_ENI_TARGET=1), in real time against the lab's EC2. A new ENI
/// is created with all its addresses, attached, and looked for in the instance metadata and among the links before its
/// addresses count. It wires nothing, and no pod goes.
final class SerialLoop implements AwsVpcCni.Outside, AutoCloseable {
    private static final Duration LINK_AGAIN = Duration.ofSeconds(3);
    private static final Duration METADATA_FIRST = Duration.ofMillis(100);
    private static final Duration METADATA_MAX = Duration.ofSeconds(60);
    private static final int METADATA_LOOKS = 12;
    private static final int LINK_LOOKS = 5;
    private static final PoolSettings DEFAULTS = new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30));

    /// Something that EC2 is asked for.
    private interface Ec2Step {
        /// @return whether it was done
        boolean run() throws IOException, InterruptedException;
    }

    private final LabInfrastructure infrastructure;
    private final VpcNode node;
    private final NodeView metadata;
    private final Consumer<String> progress;
    private final Ec2Client ec2;
    private final StepExecutor steps = new StepExecutor("serial-loop", this::failed);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<String> trouble = new AtomicReference<>("");
    private final CompletableFuture<Integer> ready = new CompletableFuture<>();
    private final LongSupplier nanoTime;
    private final long begun;
    private final ReentrantLock lock = new ReentrantLock();
    private final AwsVpcCni cni; // guarded by lock, which is not held while EC2 is asked
    private int pods; // guarded by lock

    SerialLoop(LabInfrastructure infrastructure, VpcNode node, LongSupplier nanoTime, Consumer<String> progress)
            throws IOException {
        this.infrastructure = infrastructure;
        this.node = node;
        this.metadata = infrastructure.embedded().nodeView(node.instanceId());
        this.progress = progress;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        TypeLimits limits = infrastructure.world().limits();
        this.cni = new AwsVpcCni(DEFAULTS, new NodeLimits(limits.enis(), limits.addressesPerEni()), this);
        World.ApiAccess account = infrastructure.administrator();
        this.ec2 = Ec2Client.builder()
                .endpointOverride(account.endpoint())
                .region(Region.of(account.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(account.keyId(), account.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /// Fills the primary ENI, as at its start, and begins to loop.
    ///
    /// @return addresses that can be given
    int begin() throws IOException {
        locked(() -> cni.fillPrimary(
                () -> {
                    cni.start(AwsVpcCni.FIRST_LOOK_AFTER);
                    ready.complete(cni.stock().available());
                },
                () -> ready.completeExceptionally(new IOException("EC2 gave no addresses"))));
        try {
            return ready.join();
        } catch (CompletionException e) {
            throw new IOException("the primary ENI is not filled: " + e.getMessage(), e);
        }
    }

    private String primary() {
        return metadata.instance().primaryInterface().interfaceId();
    }

    /// One address for a pod, or no.
    boolean give() {
        lock.lock();
        try {
            boolean given = cni.assign("pod-" + pods);
            pods += given ? 1 : 0;
            return given;
        } finally {
            lock.unlock();
        }
    }

    /// @throws IOException why the loop has ended
    void requireWell() throws IOException {
        if (!trouble.get().isEmpty()) {
            throw new IOException(trouble.get());
        }
    }

    private void locked(Runnable what) {
        lock.lock();
        try {
            what.run();
        } finally {
            lock.unlock();
        }
    }

    private boolean sleeps(Duration duration) throws InterruptedException {
        return ended.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    // ---- what the model asks for

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - begun);
    }

    @Override
    public void later(Duration delay, Runnable then) {
        steps.executeAfter(delay, () -> locked(then));
    }

    @Override
    public void assign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed) {
        ask(
                () -> {
                    ec2.assignPrivateIpAddresses(
                            request -> request.networkInterfaceId(primary()).secondaryPrivateIpAddressCount(blocks));
                    return true;
                },
                done,
                failed);
    }

    @Override
    public void addEni(int blocks, Runnable done, Runnable failed) {
        ask(() -> grow(blocks), done, failed);
    }

    @Override
    public void unassign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed) {
        throw new UnsupportedOperationException("no pod goes, so nothing is too much");
    }

    @Override
    public void removeEni(AwsVpcCniStock.HeldEni eni, Runnable done, Runnable failed) {
        throw new UnsupportedOperationException("no pod goes, so nothing is too much");
    }

    private void ask(Ec2Step step, Runnable done, Runnable failed) {
        steps.execute(() -> {
            boolean isDone = step.run();
            locked(isDone ? done : failed);
        });
    }

    private void failed(Exception cause) {
        trouble.set("the serial loop ended: " + cause);
        ready.completeExceptionally(cause);
    }

    private boolean grow(int blocks) throws IOException, InterruptedException {
        long started = nanoTime.getAsLong();
        int index = ec2.describeInstances(request -> request.instanceIds(node.instanceId()))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .networkInterfaces()
                .size();
        String subnetId = metadata.instance().primaryInterface().subnetId();
        String eniId = ec2.createNetworkInterface(
                        request -> request.subnetId(subnetId).secondaryPrivateIpAddressCount(blocks))
                .networkInterface()
                .networkInterfaceId();
        String attachmentId = ec2.attachNetworkInterface(request -> request.networkInterfaceId(eniId)
                        .instanceId(node.instanceId())
                        .deviceIndex(index))
                .attachmentId();
        ec2.modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(eniId)
                .attachment(change -> change.attachmentId(attachmentId).deleteOnTermination(true)));
        boolean usable = isInMetadata(eniId, blocks) && hasLink(eniId);
        if (usable) {
            progress.accept(eniId + " with " + blocks + " addresses after "
                    + Duration.ofNanos(nanoTime.getAsLong() - started).toMillis()
                    + " ms, " + Duration.ofNanos(nanoTime.getAsLong() - begun).toSeconds() + " s since the begin");
        }
        return usable;
    }

    private boolean isInMetadata(String eniId, int blocks) throws InterruptedException {
        Duration pause = METADATA_FIRST;
        for (int look = 0; look < METADATA_LOOKS; look++) {
            for (InterfaceMetadata known : metadata.instance().interfaces()) {
                if (known.interfaceId().equals(eniId)
                        && known.privateAddresses().size() > blocks) {
                    return true;
                }
            }
            if (sleeps(pause)) {
                return false;
            }
            pause = pause.multipliedBy(2);
            pause = pause.compareTo(METADATA_MAX) < 0 ? pause : METADATA_MAX;
        }
        return false;
    }

    private boolean hasLink(String eniId) throws InterruptedException {
        for (int look = 0; look < LINK_LOOKS; look++) {
            if (infrastructure.vpc().linksOf(node).containsKey(eniId)) {
                return true;
            }
            if (sleeps(LINK_AGAIN)) {
                return false;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        ended.countDown();
        try {
            steps.close();
        } finally {
            ec2.close();
        }
    }
}
