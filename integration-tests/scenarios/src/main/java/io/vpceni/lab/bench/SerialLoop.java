package io.vpceni.lab.bench;

import io.vpceni.lab.imds.InterfaceMetadata;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// The pool loop of the AWS VPC CNI with its defaults (WARM_ENI_TARGET=1), in real time against the lab's EC2, written
/// from the description of its behaviour: it sleeps 2.5 s, grows by at most one ENI, sleeps 2.5 s. A new ENI is
/// described, created, attached, modified, awaited in the metadata service (12 looks, 0.1 s doubled each time), and its
/// link is looked for (5 times, 3 s apart); then its addresses count. Nothing shrinks, and no link is configured.
final class SerialLoop implements AutoCloseable {
    private static final Duration SLEEP = Duration.ofMillis(2500);
    private static final Duration LINK_AGAIN = Duration.ofSeconds(3);
    private static final Duration METADATA_FIRST = Duration.ofMillis(100);
    private static final Duration METADATA_MAX = Duration.ofSeconds(60);
    private static final int METADATA_LOOKS = 12;
    private static final int LINK_LOOKS = 5;

    private final LabInfrastructure ground;
    private final VpcNode node;
    private final NodeView metadata;
    private final Consumer<String> progress;
    private final Ec2Client ec2;
    private final int slots;
    private final int enisMax;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<String> trouble = new AtomicReference<>("");
    private final LongSupplier nanoTime;
    private final long begun;
    private final ReentrantLock lock = new ReentrantLock();
    private int total; // guarded by lock
    private int assigned; // guarded by lock

    SerialLoop(LabInfrastructure ground, VpcNode node, LongSupplier nanoTime, Consumer<String> progress)
            throws IOException {
        this.ground = ground;
        this.node = node;
        this.metadata = ground.embedded().nodeView(node.instanceId());
        this.progress = progress;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.slots = ground.world().limits().slotsPerEni();
        this.enisMax = ground.world().limits().enis();
        World.Account account = ground.administrator();
        this.ec2 = Ec2Client.builder()
                .endpointOverride(account.endpoint())
                .region(Region.of(account.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(account.keyId(), account.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
        this.thread = Thread.ofPlatform().name("serial-loop").daemon().unstarted(this::run);
    }

    /// Fills the primary ENI, as at its start, and begins to loop.
    ///
    /// @return addresses that can be given
    int begin() throws IOException {
        try {
            ec2.assignPrivateIpAddresses(
                    request -> request.networkInterfaceId(primary()).secondaryPrivateIpAddressCount(slots));
        } catch (SdkException e) {
            throw new IOException("EC2: " + e.getMessage(), e);
        }
        int ready = add(slots);
        thread.start();
        return ready;
    }

    private String primary() {
        return metadata.instance().primaryInterface().interfaceId();
    }

    /// One address for a pod, or no.
    boolean give() {
        lock.lock();
        try {
            if (assigned == total) {
                return false;
            }
            assigned++;
            return true;
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

    private int add(int more) {
        lock.lock();
        try {
            total += more;
            return total - assigned;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!sleeps(SLEEP)) {
                if (add(0) < slots && ground.enisOf(node).size() < enisMax) {
                    grow();
                }
                if (sleeps(SLEEP)) {
                    return;
                }
            }
        } catch (IOException | SdkException e) {
            trouble.set("the serial loop ended: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean sleeps(Duration duration) throws InterruptedException {
        return ended.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void grow() throws IOException, InterruptedException {
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
                        request -> request.subnetId(subnetId).secondaryPrivateIpAddressCount(slots))
                .networkInterface()
                .networkInterfaceId();
        String attachmentId = ec2.attachNetworkInterface(request -> request.networkInterfaceId(eniId)
                        .instanceId(node.instanceId())
                        .deviceIndex(index))
                .attachmentId();
        ec2.modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(eniId)
                .attachment(change -> change.attachmentId(attachmentId).deleteOnTermination(true)));
        if (isInMetadata(eniId) && hasLink(eniId)) {
            int free = add(slots);
            progress.accept(eniId + " after "
                    + Duration.ofNanos(nanoTime.getAsLong() - started).toMillis()
                    + " ms, " + Duration.ofNanos(nanoTime.getAsLong() - begun).toSeconds() + " s since the begin: "
                    + free + " addresses are free");
        }
    }

    private boolean isInMetadata(String eniId) throws InterruptedException {
        Duration pause = METADATA_FIRST;
        for (int look = 0; look < METADATA_LOOKS; look++) {
            for (InterfaceMetadata known : metadata.instance().interfaces()) {
                if (known.interfaceId().equals(eniId)
                        && known.privateAddresses().size() > slots) {
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
            if (ground.vpc().linksOf(node).containsKey(eniId)) {
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
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the serial loop ends", e);
        } finally {
            ec2.close();
        }
    }
}
