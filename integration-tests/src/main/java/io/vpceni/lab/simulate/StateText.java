package io.vpceni.lab.simulate;

import io.vpceni.pool.PoolSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// A world at one moment, for people.
final class StateText {
    private StateText() {}

    /// What EC2, the kernel and the pool say at this moment.
    static List<String> lines(World world) {
        List<String> lines = new ArrayList<>();
        for (SimEc2.SimEni eni : world.ec2().enis()) {
            lines.add("EC2:    " + eni.id() + " " + eni.role() + " " + new TreeSet<>(eni.blocks()));
        }
        lines.add("kernel: " + world.kernel().held().keySet());
        PoolSnapshot snapshot = world.node().snapshot(world.node().latest());
        Map<String, List<String>> pool = new TreeMap<>();
        for (PoolSnapshot.AddressView view : snapshot.addresses()) {
            String text = view.address().getHostAddress()
                    + view.holder().map(has -> "=" + has.key().containerId()).orElse("");
            pool.computeIfAbsent(view.eni() + " " + view.state(), _ -> new ArrayList<>())
                    .add(text);
        }
        pool.forEach((group, addresses) -> lines.add("pool:   " + group + " " + addresses));
        lines.add("under way: " + world.calls().requests());
        lines.add("now with: " + world.terms().settings());
        return lines;
    }
}
