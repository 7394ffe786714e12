package io.vpceni.eni.lifecycle;

import io.vpceni.config.DeviceSlot;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// An ENI from the pool's request to its first pod. Mutable; what happens to it is decided by [EniCreations].
final class EniCreation {

    final Effect.AddEni request;
    final Priority priority;
    final Instant begun;

    /// Tries of the present step.
    int tries;

    int placementsTried;
    String note = "";
    private CreationStage stage;
    private Instant since;

    EniCreation(Effect.AddEni request, DeviceSlot slot, Priority priority, Instant now) {
        this.request = request;
        this.priority = priority;
        this.begun = now;
        this.since = now;
        this.stage = new CreationStage.NotBegun(slot);
    }

    /// The number of the pool's request, as a list of one.
    List<Long> requests() {
        return List.of(request.request());
    }

    CreationStage stage() {
        return stage;
    }

    Instant since() {
        return since;
    }

    /// The next step.
    void begin(CreationStage next, Instant now) {
        stage = next;
        since = now;
        note = "";
        tries = 0;
    }

    /// More is known of the present step.
    void update(CreationStage same) {
        stage = same;
    }

    boolean isOf(EniId id) {
        return stage.id().filter(id::equals).isPresent();
    }

    EniStatus state() {
        EniReference eni = stage.reference(request.request());
        return new EniStatus(eni, stage.phase(), Optional.of(stage.slot()), since, note);
    }
}
