package io.vpceni.lab.ec2.query;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// What earlier requests with a client token have created: the same request again must not create it twice.
public final class ClientTokens {
    private static final int TOKENS_MAX = 10_000; // far more than a client retries; the oldest is forgotten first
    private static final int LENGTH_MAX = 64;
    private static final Set<String> NOT_COMPARED = Set.of("ClientToken", "DryRun");

    private record Earlier(SortedMap<String, String> request, String created) {}

    private final Map<String, Earlier> byToken = new LinkedHashMap<>();

    /// Reads `ClientToken` so far as to refuse one that is too long.
    public static Optional<String> read(Parameters parameters) {
        Optional<String> token = parameters.optional("ClientToken");
        if (token.isPresent() && token.get().length() > LENGTH_MAX) {
            throw Ec2Refusal.invalidValue("ClientToken", token.get(), "At most 64 characters");
        }
        return token;
    }

    /// The id of what the same request created before.
    ///
    /// @throws Ec2Refusal `IdempotentParameterMismatch` if the token came with other parameters
    public Optional<String> created(Parameters request) {
        return read(request).map(byToken::get).map(earlier -> {
            if (!earlier.request.equals(request.allBut(NOT_COMPARED))) {
                throw new Ec2Refusal(
                        "IdempotentParameterMismatch", "The client token was used before with other parameters");
            }
            return earlier.created;
        });
    }

    public void remember(Parameters request, String created) {
        read(request).ifPresent(token -> {
            byToken.put(token, new Earlier(request.allBut(NOT_COMPARED), created));
            if (byToken.size() > TOKENS_MAX) {
                byToken.remove(byToken.keySet().iterator().next());
            }
        });
    }
}
