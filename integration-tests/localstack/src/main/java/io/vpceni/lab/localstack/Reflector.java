package io.vpceni.lab.localstack;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.imds.InstanceMetadata;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.w3c.dom.Element;

/// Keeps the last [Reflection] of LocalStack: made anew before the caller of a changing call has its answer, so that
/// the fabric never lags behind it, and once in a while for changes that came by another way.
final class Reflector implements MendingProxy.ChangeListener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Reflector.class.getName());
    private static final long LOOK_AGAIN_MS = 1_000;

    private final Ec2Wire localStack;
    private final Set<String> launched = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1); // full: a notice is due anyway
    private final Thread thread;
    private volatile Reflection last = Reflection.EMPTY;

    Reflector(Ec2Wire localStack) {
        this.localStack = localStack;
        this.thread = Thread.ofPlatform().daemon().name("localstack-reflector").start(this::watch);
    }

    List<FabricEni> attachedEnis() {
        return last.enis();
    }

    Optional<InstanceMetadata> instance(String instanceId) {
        return Optional.ofNullable(last.instances().get(instanceId));
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void changed(ProxiedCall call, ProxiedAnswer answer) {
        try {
            if (call.action().equals("RunInstances") && answer.succeeded()) {
                for (Element instance : LocalStackXml.items(LocalStackXml.parse(answer.body()), "instancesSet")) {
                    launched.add(LocalStackXml.text(instance, "instanceId"));
                }
            }
            reflect();
        } catch (IOException e) { // the caller has its answer all the same, and the next look is due in a second
            LOG.log(System.Logger.Level.WARNING, "LocalStack could not be reflected", e);
        }
    }

    private void reflect() throws IOException {
        oneAtATime.lock();
        try {
            Reflection now = Reflection.read(localStack, launched);
            boolean different = !now.equals(last);
            last = now;
            if (different) {
                boolean _ = changed.offer(true);
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (changed.poll(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS) != null) {
                    listeners.forEach(Runnable::run);
                } else {
                    reflect();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) { // of LocalStack, or of a listener: the next look is due anyway
                if (!Thread.currentThread().isInterrupted()) { // else it was closed in the middle of a look
                    LOG.log(System.Logger.Level.WARNING, "LocalStack could not be reflected", e);
                }
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
