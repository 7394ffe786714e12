package io.vpceni.lab.site;

import io.vpceni.config.Count;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Deletes the pods of all nodes in parallel, stops each ipamd, then ends everything else. A failure does not stop the
/// rest. There is no DEL where ipamd does not run, and no further one after the first without an answer, so it takes
/// seconds.
final class TakeDown {
    private final Site site;
    private final Consumer<String> progress;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final List<IOException> failures = new ArrayList<>();

    TakeDown(Site site, Consumer<String> progress) {
        this.site = site;
        this.progress = progress;
    }

    /// @return the failures
    List<IOException> run() {
        List<Thread> threads = site.nodes().values().stream()
                .map(node ->
                        Thread.ofPlatform().name("take-down-" + node.name()).start(() -> takeDown(node)))
                .toList();
        threads.forEach(TakeDown::join);
        tell("EC2, the metadata services and the namespaces");
        boolean _ = attempt(site.infrastructure()::close);
        lock.lock();
        try {
            return List.copyOf(failures);
        } finally {
            lock.unlock();
        }
    }

    private void takeDown(SiteNode node) {
        List<SitePod> pods = site.pods().reversed().stream()
                .filter(pod -> pod.node().equals(node))
                .toList();
        if (!pods.isEmpty()) {
            deletePods(node, pods);
        }
        boolean _ = attempt(site.ipamd(node)::close);
    }

    private void deletePods(SiteNode node, List<SitePod> pods) {
        Process ipamd = site.ipamd(node).process();
        String count = Count.of(pods.size(), "pod");
        if (!ipamd.isAlive()) {
            failed(new IOException(node.name() + ": ipamd had ended with status " + ipamd.exitValue() + ", so " + count
                    + " went without DEL"));
            pods.forEach(this::close);
            return;
        }
        tell(node.name() + ": " + count);
        boolean answers = true;
        for (SitePod pod : pods) {
            if (answers && !attempt(() -> site.deleteOnce(pod))) {
                answers = false;
                ipamd.destroyForcibly();
                tell(node.name() + ": ipamd is killed, and its other pods go without DEL");
            }
            if (!answers) {
                close(pod);
            }
        }
    }

    private void close(SitePod pod) {
        boolean _ = attempt(pod.echoServer()::close);
        site.forget(pod);
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private boolean attempt(Step step) {
        try {
            step.run();
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private void failed(IOException failure) {
        lock.lock();
        try {
            failures.add(failure);
        } finally {
            lock.unlock();
        }
        tell(String.valueOf(failure.getMessage()));
    }

    private void tell(String line) {
        lock.lock();
        try {
            progress.accept(line);
        } finally {
            lock.unlock();
        }
    }
}
