package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The rules of launching and terminating instances.
public final class Instances {
    private static final int INSTANCES_MAX = 100; // of a request

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
        InterfaceSpecification specification = launch.primary();
        int addresses = specification.addresses().count();
        if (max > 1 && specification.addresses().names()) {
            throw Ec2Refusal.invalidCombination("A private address cannot be given to more than one instance");
        }
        if (specification.addresses().wantsPrefixes()) {
            PrivateAddresses.refusePrefixesOn(launch.type());
        }
        int slots = Math.max(
                specification.addresses().slots(),
                specification.addresses().ipv6().slots());
        if (slots > launch.type().addressesPerEni()) {
            throw PrivateAddresses.limitExceeded(launch.type().addressesPerEni());
        }
        interfaces.refuse(specification);
        Ipv4Space space = specification.subnet().ipv4();
        space.refuseFewerFree(addresses * min);
        space.refuseFewerPrefixes(specification.addresses().prefixCount() * min);
        int quota = state.enisMax() - state.interfaces().all().size();
        int count = Math.min(Math.min(max, quota), most(specification.addresses(), space));
        if (count < min) {
            throw quota < min ? Interfaces.tooMany(state.enisMax()) : Subnet.tooFewBlocks();
        }
        String reservationId = state.ids().next(ResourceKind.RESERVATION);
        List<Instance> launched = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            launched.add(runOne(launch, reservationId, index));
        }
        return launched;
    }

    /// How many instances the subnet has room for, computed on a copy of it.
    private static int most(AddressSpecification specification, Ipv4Space space) {
        Ipv4Space trial = space.copy();
        RandomGenerator random = new SplittableRandom(0);
        int count = 0;
        try {
            while (count < INSTANCES_MAX) {
                List<Ipv4Block> _ = trial.takePrefixes(specification.prefixCount(), random);
                List<InetAddress> _ = trial.takeAny(specification.count(), random);
                count++;
            }
        } catch (Ec2Refusal full) {
            return count;
        }
        return count;
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

    /// Starts terminating; the ENIs are deleted at the end. Repeating it is no error.
    public void terminate(Instance instance) {
        if (!instance.isTerminating()) {
            instance.terminateAt(state.now().plus(state.delays().terminate()));
        }
    }
}
