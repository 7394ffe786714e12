package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KernelThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void beyondTheQueueCallersAreToldToComeBack() throws NetworkFailure, InterruptedException {
        try (KernelThreads<Resource> threads = KernelThreads.start("test", 1, 1, LONG, Resource::new)) {
            Thread running = calling(threads, "running");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            Thread waiting = calling(threads, "waiting");
            awaitState(waiting, Thread.State.TIMED_WAITING);

            assertThatThrownBy(() -> threads.call("third", new Recorded("third")))
                    .isInstanceOfSatisfying(
                            NetworkFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(NetworkFailure.Kind.BUSY))
                    .hasMessageContaining("1 others wait for test already");
            assertThat(events).containsExactly("begin running", "end third");

            goOn.countDown();
            running.join();
            waiting.join();
        }
        assertThat(events).containsExactly("begin running", "end third", "end running", "begin waiting", "end waiting");
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsNeverBegun() throws NetworkFailure, InterruptedException {
        try (KernelThreads<Resource> threads = KernelThreads.start("test", 1, 8, LONG, Resource::new)) {
            Thread running = calling(threads, "running");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            Thread waiting = calling(threads, "waiting");
            awaitState(waiting, Thread.State.TIMED_WAITING);

            waiting.interrupt();
            waiting.join();
            assertThat(events).containsExactly("begin running", "end waiting", "failed waiting OUTCOME_UNKNOWN");

            goOn.countDown();
            running.join();
        }
        assertThat(events).doesNotContain("begin waiting").endsWith("end running");
    }

    @Test
    void whatIsDoneForNobodyIsUndone() throws NetworkFailure, InterruptedException {
        try (KernelThreads<Resource> threads = KernelThreads.start("test", 1, 8, LONG, Resource::new)) {
            Thread running = calling(threads, "running");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            running.interrupt();
            running.join();
            goOn.countDown();
        }
        assertThat(events)
                .containsExactly("begin running", "failed running OUTCOME_UNKNOWN", "unwanted running", "end running");
    }

    @Test
    void aThreadWhoseResourceIsSpoiledServesNobodyElseAndIsReplaced() throws NetworkFailure, InterruptedException {
        try (KernelThreads<Resource> threads =
                KernelThreads.start("test", 1, 8, LONG, Resource::new, resource -> resource.spoiled)) {
            List<Resource> used = new ArrayList<>();
            List<Thread> served = new ArrayList<>();
            for (boolean spoils : new boolean[] {true, true, false, false}) {
                var _ = threads.call("use", resource -> {
                    used.add(resource);
                    served.add(Thread.currentThread());
                    resource.spoiled = spoils;
                    return true;
                });
            }

            assertThat(new HashSet<>(served)).hasSize(3);
            assertThat(served.get(3)).isSameAs(served.get(2));
            assertThat(used.get(3)).isSameAs(used.get(2));
            for (int i = 0; i < 2; i++) {
                assertThat(served.get(i).join(LONG)).isTrue();
                assertThat(used.get(i).closed).isTrue();
            }
            assertThat(used.get(2).closed).isFalse();
        }
    }

    @Test
    void theReplacementIsNotTheLostThreadsChild() throws NetworkFailure {
        InheritableThreadLocal<String> sockets = new InheritableThreadLocal<>(); // passed on as a namespace is
        sockets.set("home");
        try (KernelThreads<Resource> threads =
                KernelThreads.start("test", 1, 8, LONG, Resource::new, resource -> resource.spoiled)) {
            var _ = threads.call("get lost", resource -> {
                sockets.set("abroad");
                resource.spoiled = true;
                return true;
            });

            assertThat(threads.<String>call("look around", _ -> sockets.get())).isEqualTo("home");
        } finally {
            sockets.remove();
        }
    }

    @Test
    void anErrorWhileAThreadOpensWhatItNeedsIsToldAtOnce() {
        UnsatisfiedLinkError noExec = new UnsatisfiedLinkError("/tmp/libjffi.so: failed to map segment");

        assertThatThrownBy(() -> KernelThreads.<Resource>start("test", 1, 8, LONG, () -> {
                    throw noExec;
                }))
                .isSameAs(noExec);
    }

    @Test
    void aReplacementThatMeetsAnErrorIsTriedAgain() throws NetworkFailure {
        Deque<Error> errors = new ArrayDeque<>();
        try (KernelThreads<Resource> threads = KernelThreads.start(
                "test",
                1,
                8,
                LONG,
                () -> {
                    Error error = errors.poll();
                    if (error != null) {
                        throw error;
                    }
                    return new Resource();
                },
                resource -> resource.spoiled)) {
            var _ = threads.call("get lost", resource -> {
                errors.add(new OutOfMemoryError("unable to create native thread"));
                resource.spoiled = true;
                return true;
            });

            assertThat(threads.<Boolean>call("go on", _ -> true)).isTrue();
        }
    }

    private Thread calling(KernelThreads<Resource> threads, String name) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                var _ = threads.call(name, new Recorded(name));
            } catch (NetworkFailure e) {
                events.add("failed " + name + " " + e.kind());
            }
        });
    }

    private static void awaitState(Thread thread, Thread.State state) {
        long start = System.nanoTime();
        while (thread.getState() != state && System.nanoTime() - start < LONG.toNanos()) {
            Thread.onSpinWait();
        }
        assertThat(thread.getState()).isEqualTo(state);
    }

    private static final class Resource implements AutoCloseable {
        private volatile boolean spoiled;
        private volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    private final class Recorded implements KernelThreads.Work<Resource, Boolean> {
        private final String name;

        Recorded(String name) {
            this.name = name;
        }

        @Override
        public Boolean run(Resource resource) throws NetworkFailure {
            events.add("begin " + name);
            begun.countDown();
            try {
                return goOn.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new NetworkFailure(NetworkFailure.Kind.OUTCOME_UNKNOWN, name, "nobody interrupts it");
            }
        }

        @Override
        public void unwanted(Resource resource) {
            events.add("unwanted " + name);
        }

        @Override
        public void end() {
            events.add("end " + name);
        }
    }
}
