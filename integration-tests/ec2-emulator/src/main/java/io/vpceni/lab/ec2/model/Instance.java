package io.vpceni.lab.ec2.model;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An instance. Its ENIs are found through their attachments ([Ec2State#interfacesOf]); its state derives
/// from the time.
public final class Instance implements Resource {
    private final String id;
    private final Launch launch;
    private final Subnet subnet;
    private final String reservationId;
    private final int launchIndex;
    private final Instant launchedAt;
    private final Instant runningAt;
    private final SortedMap<String, String> tags;
    private @Nullable Instant terminatedAt;

    Instance(
            String id,
            Launch launch,
            String reservationId,
            int launchIndex,
            Instant launchedAt,
            Instant runningAt,
            SortedMap<String, String> tags) {
        this.id = id;
        this.launch = launch;
        this.subnet = launch.primary().subnet();
        this.reservationId = reservationId;
        this.launchIndex = launchIndex;
        this.launchedAt = launchedAt;
        this.runningAt = runningAt;
        this.tags = tags;
    }

    Instance copy() {
        Instance copy =
                new Instance(id, launch, reservationId, launchIndex, launchedAt, runningAt, new TreeMap<>(tags));
        copy.terminatedAt = terminatedAt;
        return copy;
    }

    public InstanceState state(Instant now) {
        if (terminatedAt != null) {
            return now.isBefore(terminatedAt) ? InstanceState.SHUTTING_DOWN : InstanceState.TERMINATED;
        }
        return now.isBefore(runningAt) ? InstanceState.PENDING : InstanceState.RUNNING;
    }

    public boolean isTerminating() {
        return terminatedAt != null;
    }

    void terminateAt(Instant end) {
        terminatedAt = end;
    }

    boolean wasTerminatedBy(Instant then) {
        return terminatedAt != null && !then.isBefore(terminatedAt);
    }

    /// When the state changes next by itself; [Instant#MAX] for never.
    Instant changesAt(Instant now) {
        return switch (state(now)) {
            case PENDING -> runningAt;
            case SHUTTING_DOWN -> terminatedAt == null ? Instant.MAX : terminatedAt;
            case RUNNING, TERMINATED -> Instant.MAX;
        };
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.INSTANCE;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public SortedMap<String, String> tags() {
        return tags;
    }

    public Launch launch() {
        return launch;
    }

    public InstanceType type() {
        return launch.type();
    }

    public Subnet subnet() {
        return subnet;
    }

    public String reservationId() {
        return reservationId;
    }

    public int launchIndex() {
        return launchIndex;
    }

    public Instant launchedAt() {
        return launchedAt;
    }
}
