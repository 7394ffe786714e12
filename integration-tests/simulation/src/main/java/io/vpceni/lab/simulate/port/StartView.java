package io.vpceni.lab.simulate.port;

import io.vpceni.config.Cidr;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// What a mutant at the start of ipamd can look at.
public interface StartView {
    Instant now();

    /// The blocks of each ENI of this node as EC2 had them at that time.
    Map<EniId, Set<Cidr>> ec2AsOf(Instant moment);
}
