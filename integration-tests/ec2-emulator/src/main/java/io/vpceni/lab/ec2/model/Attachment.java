package io.vpceni.lab.ec2.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An ENI's attachment to an instance. Its status derives from the time.
public final class Attachment {
    private final String id;
    private final Instance instance;
    private final int networkCard;
    private final int deviceIndex;
    private final Instant requestedAt;
    private final Instant attachedAt;
    private boolean deleteOnTermination;
    private @Nullable Instant endsAt;

    Attachment(
            String id,
            Instance instance,
            int networkCard,
            int deviceIndex,
            Instant requestedAt,
            Instant attachedAt,
            boolean deleteOnTermination) {
        this.id = id;
        this.instance = instance;
        this.networkCard = networkCard;
        this.deviceIndex = deviceIndex;
        this.requestedAt = requestedAt;
        this.attachedAt = attachedAt;
        this.deleteOnTermination = deleteOnTermination;
    }

    Attachment copy(Instance itsCopy) {
        Attachment copy =
                new Attachment(id, itsCopy, networkCard, deviceIndex, requestedAt, attachedAt, deleteOnTermination);
        copy.endsAt = endsAt;
        return copy;
    }

    /// `attaching`, `attached` or `detaching`; one that has ended is gone from its ENI.
    public String status(Instant now) {
        if (endsAt != null) {
            return "detaching";
        }
        return isEffective(now) ? "attached" : "attaching";
    }

    /// Whether the instance has the device: from `attached` to the end of `detaching`.
    public boolean isEffective(Instant now) {
        return !now.isBefore(attachedAt);
    }

    public boolean isDetaching() {
        return endsAt != null;
    }

    void endAt(Instant end) {
        endsAt = end;
    }

    boolean hasEnded(Instant now) {
        return endsAt != null && !now.isBefore(endsAt);
    }

    /// When the status changes next by itself; [Instant#MAX] for never.
    Instant changesAt(Instant now) {
        if (endsAt != null) {
            return endsAt;
        }
        return isEffective(now) ? Instant.MAX : attachedAt;
    }

    public void deleteOnTermination(boolean wanted) {
        deleteOnTermination = wanted;
    }

    public boolean deleteOnTermination() {
        return deleteOnTermination;
    }

    public String id() {
        return id;
    }

    public Instance instance() {
        return instance;
    }

    public int networkCard() {
        return networkCard;
    }

    public int deviceIndex() {
        return deviceIndex;
    }

    /// Whether it is the attachment with which the instance was started.
    public boolean isPrimary() {
        return networkCard == 0 && deviceIndex == 0;
    }

    public Instant requestedAt() {
        return requestedAt;
    }

    public Instant attachedAt() {
        return attachedAt;
    }
}
