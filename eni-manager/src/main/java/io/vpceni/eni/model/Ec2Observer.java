package io.vpceni.eni.model;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Call;
import java.time.Instant;
import java.util.List;

/// Hears what EC2 is about to do at a call's request. It may throw: then EC2 does not do it.
public interface Ec2Observer {

    /// One that looks at nothing.
    Ec2Observer NONE = new Ec2Observer() {};

    /// A create came again with a token that was used.
    default void tokenRepeated() {}

    /// An ENI was created, with its blocks.
    default void created(SimulatedEni eni, Ec2Call.Create create) {}

    default void attaches(SimulatedEni eni, Ec2Call.Attach attach) {}

    /// Its tags, groups or delete-on-termination change.
    default void changes(SimulatedEni eni, Ec2Call<?> call) {}

    default void detaches(SimulatedEni eni, Ec2Call.Detach detach) {}

    default void deletes(SimulatedEni eni, Ec2Call.Delete delete, Instant now) {}

    /// Blocks were assigned to an ENI that was there.
    default void assigned(SimulatedEni eni, List<Cidr> blocks, Instant now) {}

    default void unassigns(Cidr block, Ec2Call.Unassign unassign) {}
}
