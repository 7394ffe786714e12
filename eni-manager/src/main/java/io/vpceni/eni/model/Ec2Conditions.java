package io.vpceni.eni.model;

import io.vpceni.eni.Ec2Eni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What EC2's rules leave open: how long something takes, how old a view is, whether a call fails although it need not.
/// Not overridden, EC2 does at once and in full what it is asked.
public interface Ec2Conditions {

    /// An EC2 at its best.
    Ec2Conditions BEST = new Ec2Conditions() {};

    /// The moment that a Describe shows.
    ///
    /// @param now at the earliest [SimulatedVpc#LAG_MAX] before it
    default Instant describedAt(Instant now) {
        return now;
    }

    /// What a Describe of an instance's ENIs lists of those that it should.
    default List<Ec2Eni> listed(List<Ec2Eni> all) {
        return all;
    }

    /// Whether EC2 does not know an ENI yet that it made less than [SimulatedEc2#YOUNG] ago.
    default boolean isUnknownYet(SimulatedEni young) {
        return false;
    }

    /// Whether a create or an attach fails as over a limit that is not reached.
    default boolean refusesAsOverTheLimit() {
        return false;
    }

    /// How many blocks EC2 assigns.
    ///
    /// @param wanted 1 or more
    /// @return 1 to `wanted`
    default int assigns(int wanted) {
        return wanted;
    }

    /// From the answer to an attach until the ENI is attached.
    default Duration attachTakes() {
        return Duration.ZERO;
    }

    /// From the answer to a detach until the ENI is detached.
    default Duration detachTakes() {
        return Duration.ZERO;
    }

    /// Where in a subnet the search for a free address or prefix begins; any number.
    default int searchFrom() {
        return 0;
    }

    /// Whether others get the blocks of an ENI when it is deleted.
    default boolean othersGetBlocksOf(SimulatedEni deleted) {
        return false;
    }
}
