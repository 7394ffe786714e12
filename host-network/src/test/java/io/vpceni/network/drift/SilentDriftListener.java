package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.network.firewall.ForwardDrop;
import java.util.List;

/// A listener that ignores everything; tests override what they want to hear.
public class SilentDriftListener implements DriftListener {
    @Override
    public void checked() {}

    @Override
    public void repaired(DriftKind kind, int count) {}

    @Override
    public void left(DriftKind kind, int count) {}

    @Override
    public void forwardDrops(List<ForwardDrop> drops) {}

    @Override
    public void eniLost(MacAddress eni, String reason) {}

    @Override
    public void eniBack(MacAddress eni) {}
}
