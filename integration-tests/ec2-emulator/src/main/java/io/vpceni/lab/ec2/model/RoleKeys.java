package io.vpceni.lab.ec2.model;

import io.vpceni.lab.imds.RoleCredentials;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The temporary credentials of the instances' roles: each instance has keys of its own.
public final class RoleKeys {
    private static final Duration LIFETIME = Duration.ofHours(6);
    private static final Duration RENEWED_BEFORE_END = Duration.ofHours(1);

    private record Issued(String instanceId, RoleCredentials credentials) {}

    private final Ec2State state;
    private final SortedMap<String, Issued> byKeyId = new TreeMap<>();

    public RoleKeys(Ec2State state) {
        this.state = state;
    }

    /// What the instance's metadata service hands out now; the same until shortly before its end.
    public RoleCredentials current(Instance instance) {
        forgetExpired();
        Instant now = state.now();
        return byKeyId.values().stream()
                .filter(issued -> issued.instanceId.equals(instance.id()))
                .map(Issued::credentials)
                .filter(credentials -> now.isBefore(credentials.expiresAt().minus(RENEWED_BEFORE_END)))
                .findFirst()
                .orElseGet(() -> issue(instance, now));
    }

    private RoleCredentials issue(Instance instance, Instant now) {
        RoleCredentials credentials = new RoleCredentials(
                instance.launch().roleName(),
                state.ids().nextAccessKeyId(),
                state.ids().nextSecret(40),
                state.ids().nextSecret(256),
                now,
                now.plus(LIFETIME));
        byKeyId.put(credentials.accessKeyId(), new Issued(instance.id(), credentials));
        return credentials;
    }

    /// The instance that a key with its session token was issued to, while both live.
    public Optional<String> instanceOf(String accessKeyId, String sessionToken) {
        forgetExpired();
        return Optional.ofNullable(byKeyId.get(accessKeyId))
                .filter(issued -> issued.credentials.sessionToken().equals(sessionToken))
                .map(Issued::instanceId);
    }

    private void forgetExpired() {
        Instant now = state.now();
        byKeyId.values()
                .removeIf(issued -> !now.isBefore(issued.credentials.expiresAt())
                        || state.instances().all().stream()
                                .filter(instance -> instance.id().equals(issued.instanceId))
                                .allMatch(Instance::isTerminating));
    }
}
