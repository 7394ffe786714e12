package io.vpceni.config;

/// The pod that a sandbox belongs to, as far as the runtime told us.
///
/// @param namespace "" when unknown
/// @param name "" when unknown
public record PodName(String namespace, String name) {

    /// The pod of a runtime that names none.
    public static final PodName UNKNOWN = new PodName("", "");

    /// `namespace/name`.
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
