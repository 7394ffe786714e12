package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.fault.Principals;
import io.vpceni.lab.ec2.model.Ec2State;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The account's state and its one lock. Nothing waits while it is held.
final class Account {
    private final ReentrantLock lock = new ReentrantLock();
    private final Ec2State state;

    Account(Ec2State state) {
        this.state = state;
    }

    /// To be read and changed only inside [#locked].
    Ec2State state() {
        return state;
    }

    <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    /// An instance as faults and the call log name it.
    Principals who(String instanceId) {
        String name = state.instances().all().stream()
                .filter(instance -> instance.id().equals(instanceId))
                .flatMap(instance -> Stream.ofNullable(instance.tags().get("Name")))
                .findFirst()
                .orElse("");
        return new Principals(instanceId, name);
    }
}
