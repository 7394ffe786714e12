package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.site.EniPlacement;
import io.vpceni.pool.EniId;
import java.util.Optional;

/// How far the creation of an ENI is, and what is known of it by then.
sealed interface CreationStage {

    /// Where it is to be attached.
    DeviceSlot slot();

    /// EC2 is asked for subnets first, or nothing has begun.
    record NotBegun(DeviceSlot slot) implements CreationStage {}

    /// EC2 is asked to create it.
    ///
    /// @param uncertain whether an answer to this call was lost: EC2 may have created it
    record Creating(DeviceSlot slot, EniPlacement placement, Ec2Call.Create call, boolean uncertain)
            implements CreationStage {

        ClientToken token() {
            return call.clientToken();
        }

        Creating withLostAnswer() {
            return new Creating(slot, placement, call, true);
        }
    }

    /// It exists; EC2 is asked to attach it.
    ///
    /// @param subnet the block of its subnet; empty when it is not known
    record Attaching(DeviceSlot slot, ClientToken token, Optional<Cidr> subnet, Ec2Eni eni) implements CreationStage {

        Attaching at(DeviceSlot other) {
            return new Attaching(other, token, subnet, eni);
        }
    }

    /// It is attached; its link is waited for, and that it goes with its instance.
    ///
    /// @param linkEnded whether its link came or did not come in time
    /// @param deleteOnTerminationEnded whether nothing more is done here to let it go with its instance
    record Attached(
            ClientToken token,
            Ec2Eni eni,
            AttachmentId attachmentId,
            LinkPlan link,
            boolean linkEnded,
            boolean deleteOnTerminationEnded)
            implements CreationStage {

        @Override
        public DeviceSlot slot() {
            return link.slot();
        }

        Attached withLinkEnded() {
            return new Attached(token, eni, attachmentId, link, true, deleteOnTerminationEnded);
        }

        Attached withDeleteOnTerminationEnded() {
            return new Attached(token, eni, attachmentId, link, linkEnded, true);
        }
    }

    default EniPhase phase() {
        return switch (this) {
            case NotBegun _, Creating _ -> EniPhase.CREATING;
            case Attaching _ -> EniPhase.ATTACHING;
            case Attached _ -> EniPhase.LINKING;
        };
    }

    /// The ENI's id, once EC2 has created it.
    default Optional<EniId> id() {
        return switch (this) {
            case NotBegun _, Creating _ -> Optional.empty();
            case Attaching attaching -> Optional.of(attaching.eni().id());
            case Attached attached -> Optional.of(attached.eni().id());
        };
    }

    /// The ENI's id; before EC2 has created it, the client token, and before EC2 was asked, the request.
    ///
    /// @param request number of the pool's request
    default EniReference reference(long request) {
        return switch (this) {
            case NotBegun _ -> new EniReference.ByRequest(request);
            case Creating creating -> new EniReference.ByClientToken(creating.token());
            case Attaching attaching -> new EniReference.ById(attaching.eni().id());
            case Attached attached -> new EniReference.ById(attached.eni().id());
        };
    }
}
