package io.vpceni.lab.demo;

import io.vpceni.config.Count;
import java.util.HashMap;
import java.util.Map;

/// The nodes, the ENIs on each and the addresses of each, with whom has them.
final class EniMap {
    private final DemoRecord record;
    private final Map<String, DemoRecord.Pod> byAddress = new HashMap<>();

    EniMap(DemoRecord record) {
        this.record = record;
        record.pods().forEach(pod -> byAddress.put(pod.address(), pod));
    }

    void write(Html html) {
        html.open("div", "class", "nodes");
        for (DemoRecord.RecordedNode node : record.nodes()) {
            html.open("section", "class", "node").open("h3").text(node.name() + " ");
            html.element(
                    "small", node.instanceId() + " · " + Count.of(node.enis().size(), "ENI"));
            html.close().open("div", "class", "enis");
            node.enis().forEach(eni -> eni(html, eni));
            html.close().closeLine();
        }
        html.closeLine();
    }

    private void eni(Html html, DemoRecord.RecordedEni eni) {
        long pods = eni.addresses().stream().filter(byAddress::containsKey).count();
        html.open("div", "class", "eni");
        html.element("h4", eni.deviceIndex() == 0 ? "primary ENI" : "ENI at device index " + eni.deviceIndex());
        html.open("p")
                .element("code", eni.id())
                .text(" " + Count.of(pods, "pod"))
                .close();
        html.open("ul", "class", "addresses");
        boolean own = true;
        for (String address : eni.addresses()) {
            address(html, address, own);
            own = false;
        }
        html.close().closeLine();
    }

    private void address(Html html, String address, boolean own) {
        DemoRecord.Pod pod = byAddress.get(address);
        if (pod != null) {
            html.open("li", "class", "pod").element("code", address).element("b", pod.name());
        } else {
            html.open("li", "class", own ? "own" : "free")
                    .element("code", address)
                    .element("b", own ? "the ENI's own" : "no pod");
        }
        html.close();
    }
}
