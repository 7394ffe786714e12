package io.vpceni.lab.simulate.run;

import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.pool.PoolSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A world at one moment, for people.
public final class StateText {
    private StateText() {}

    /// What EC2, the kernel and the pool say at this moment.
    public static List<String> lines(SimWorld world) {
        List<String> lines = new ArrayList<>();
        for (SimulatedEni eni : world.ec2().existing()) {
            lines.add("EC2:    " + eni.now());
        }
        lines.add("kernel: " + world.kernel().look());
        PoolSnapshot snapshot = world.node().snapshot(world.node().latest());
        Map<String, List<String>> pool = new TreeMap<>();
        for (PoolSnapshot.AddressView view : snapshot.addresses()) {
            String text = view.address().getHostAddress()
                    + view.holder().map(has -> "=" + has.key().containerId()).orElse("");
            pool.computeIfAbsent(view.eni() + " " + view.state(), _ -> new ArrayList<>())
                    .add(text);
        }
        pool.forEach((group, addresses) -> lines.add("pool:   " + group + " " + addresses));
        lines.add("asked for: " + world.requests().open());
        lines.add("under way: " + world.calls().open());
        world.node().enis().forEach(life -> lines.add("life:   " + life));
        lines.add("now with: " + world.parameters().settings());
        return lines;
    }
}
