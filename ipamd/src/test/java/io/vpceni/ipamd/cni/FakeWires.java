package io.vpceni.ipamd.cni;

import io.vpceni.config.MacAddress;
import io.vpceni.network.PodExpectation;
import io.vpceni.pool.Assignment;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A kernel that remembers what it was told and fails when asked to.
final class FakeWires implements PodDatapath {
    final List<Assignment> wired = Collections.synchronizedList(new ArrayList<>());
    volatile boolean refusesToWire;
    volatile CniErrorCode refusal = CniErrorCode.IO_FAILURE;
    volatile boolean losesTheOutcome;
    volatile CountDownLatch wiringMayEnd = new CountDownLatch(0);
    final CountDownLatch wiringBegan = new CountDownLatch(1);
    volatile CountDownLatch sandboxMayCome = new CountDownLatch(0);
    volatile boolean refusesToUnwire;
    final AtomicInteger open = new AtomicInteger();
    final List<PodExpectation> checked = Collections.synchronizedList(new ArrayList<>());
    volatile List<String> differences = List.of();

    @Override
    public Sandbox sandbox(byte[] nonce) throws InterruptedException {
        sandboxMayCome.await();
        open.incrementAndGet();
        return new Sandbox() {
            @Override
            public CniResult.Wired wire(CniCommand.Add add, Assignment assignment) throws CniFailure, OutcomeUnknown {
                wiringBegan.countDown();
                await(wiringMayEnd);
                if (losesTheOutcome) {
                    throw new OutcomeUnknown("it took too long", new IllegalStateException());
                }
                if (refusesToWire) {
                    throw new CniFailure(refusal, "the kernel refused");
                }
                wired.add(assignment);
                return new CniResult.Wired(
                        "eni0",
                        MacAddress.parse("02:00:00:00:00:01"),
                        add.key().interfaceName(),
                        MacAddress.parse("02:00:00:00:00:02"),
                        add.netnsPath(),
                        assignment.eni(),
                        assignment.address(),
                        InetAddress.ofLiteral("169.254.1.1"),
                        9001,
                        true);
            }

            @Override
            public List<String> check(PodExpectation expected) {
                checked.add(expected);
                return differences;
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void unwire(Assignment assignment) throws CniFailure {
        if (refusesToUnwire) {
            throw new CniFailure(CniErrorCode.IO_FAILURE, "the kernel refused");
        }
        wired.remove(assignment);
    }
}
