package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.LinkPlan;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.util.List;

/// What [EniStateMachine] wants done, in order. [Write]s are on disk before any [Call] of the same list leaves; when
/// they cannot be written each of those calls fails as not sent.
public sealed interface EniEffect {

    /// Write this down durably.
    record Write(Intent intent) implements EniEffect {}

    /// Call EC2, if [EniStateMachine#isStillWanted] says so when its turn has come. Ends with
    /// [EniMessage.Answered] or [EniMessage.Failed], once, or never when ipamd stops.
    ///
    /// @param call 1 or more; never twice in one life of ipamd
    record Call(long call, Ec2Call<?> what, Priority priority) implements EniEffect {}

    /// Wait, bounded, for the link of an ENI and set it up. Ends with [EniMessage.LinkReady] or
    /// [EniMessage.LinkFailed].
    ///
    /// @param requests numbers of the pool's requests that it is for; empty for none
    record SetUpLink(LinkPlan link, List<Long> requests) implements EniEffect {
        public SetUpLink {
            requests = List.copyOf(requests);
        }
    }

    /// Take away what the kernel keeps of an ENI that is detached.
    ///
    /// @param requests numbers of the pool's requests that it is for; empty for none
    record TakeDownLink(EniId eni, List<Long> requests) implements EniEffect {
        public TakeDownLink {
            requests = List.copyOf(requests);
        }
    }

    /// Ask the kernel which addresses sandboxes have. Ends with [EniMessage.KernelHolds] or
    /// [EniMessage.KernelSilent].
    record AskKernel(long look) implements EniEffect {}

    /// Tell the pool.
    record Tell(Message message) implements EniEffect {}

    /// Tell people.
    record Noticed(EniNotice notice) implements EniEffect {}
}
