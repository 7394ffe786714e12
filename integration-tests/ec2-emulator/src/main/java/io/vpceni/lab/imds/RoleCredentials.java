package io.vpceni.lab.imds;

import java.time.Instant;

/// Temporary credentials of an instance's role, under `iam/security-credentials/<role>`.
public record RoleCredentials(
        String roleName,
        String accessKeyId,
        String secretAccessKey,
        String sessionToken,
        Instant issuedAt,
        Instant expiresAt) {}
