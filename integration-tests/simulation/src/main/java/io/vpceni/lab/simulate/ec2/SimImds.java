package io.vpceni.lab.simulate.ec2;

import io.vpceni.config.Cidr;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The instance metadata service: what EC2 knew minutes ago. The product asks it for no address; what it would say
/// feeds the mutants.
public final class SimImds {
    private static final Duration LAG = Duration.ofMinutes(3);

    private final RunContext run;
    private final SimulatedVpc ec2;
    private final Set<Cidr> leftOut = new HashSet<>();

    public SimImds(RunContext run, SimulatedVpc ec2) {
        this.run = run;
        this.ec2 = ec2;
    }

    /// From now on IMDS does not list the address.
    public void leaveOut(InetAddress address) {
        leftOut.add(Cidr.containing(address, 32));
    }

    public Map<EniId, Set<Cidr>> view() {
        Map<EniId, Set<Cidr>> view = ec2.viewAsOf(run.now().minus(LAG));
        view.values().forEach(blocks -> blocks.removeAll(leftOut));
        return view;
    }
}
