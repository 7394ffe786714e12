package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The rules of launching and terminating instances.
public final class Instances {
    private final Ec2State state;
    private final Interfaces interfaces;
    private final Attachments attachments;

    public Instances(Ec2State state, Interfaces interfaces, Attachments attachments) {
        this.state = state;
        this.interfaces = interfaces;
        this.attachments = attachments;
    }

    /// Launches as many as the subnet has addresses for, at most `max`; fewer than `min` is a refusal.
    ///
    /// @return one reservation's instances
    public List<Instance> run(Launch launch, int min, int max) {
        InterfaceWish wish = launch.primary();
        int addresses = wish.addresses().count();
        if (max > 1 && wish.addresses().names()) {
            throw Ec2Refusal.invalidCombination("A private address cannot be given to more than one instance");
        }
        if (wish.addresses().prefixCount() > 0) {
            throw new Ec2Refusal("UnsupportedOperation", "This EC2 emulation launches without prefixes");
        }
        if (addresses > launch.type().addressesPerEni()) {
            throw PrivateAddresses.limitExceeded(launch.type().addressesPerEni());
        }
        interfaces.refuse(wish);
        wish.subnet().refuseFewerFree(addresses * min);
        int count = Math.min(max, wish.subnet().freeAddresses() / addresses);
        String reservationId = state.ids().next(ResourceKind.RESERVATION);
        List<Instance> launched = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            launched.add(runOne(launch, reservationId, index));
        }
        return launched;
    }

    private Instance runOne(Launch launch, String reservationId, int index) {
        Instant now = state.now();
        Instant runningAt = now.plus(state.delays().launch());
        Instance instance = new Instance(
                state.ids().next(ResourceKind.INSTANCE),
                launch,
                reservationId,
                index,
                now,
                runningAt,
                new TreeMap<>(launch.tags()));
        state.instances().add(instance);
        NetworkInterface primary = interfaces.create(launch.primary());
        attachments.attachPrimary(primary, instance, runningAt, launch.deletePrimaryOnTermination());
        return instance;
    }

    /// Begins to terminate; the ENIs go when it is over. Once more is no error.
    public void terminate(Instance instance) {
        if (!instance.isTerminating()) {
            instance.terminateAt(state.now().plus(state.delays().terminate()));
        }
    }
}
