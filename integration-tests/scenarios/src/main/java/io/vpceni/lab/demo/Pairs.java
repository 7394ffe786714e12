package io.vpceni.lab.demo;

import io.vpceni.lab.site.SitePod;
import java.util.ArrayList;
import java.util.List;

/// Which pods asked one another, and what came of it.
final class Pairs {
    private final List<DemoRecord.Pair> all = new ArrayList<>();

    void heard(SitePod from, SitePod to) {
        all.add(new DemoRecord.Pair(from.name(), to.name(), ""));
    }

    void failed(SitePod from, SitePod to, String trouble) {
        all.add(new DemoRecord.Pair(from.name(), to.name(), trouble));
    }

    List<DemoRecord.Pair> all() {
        return List.copyOf(all);
    }
}
