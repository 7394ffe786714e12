package io.vpceni.eni.lifecycle;

import io.vpceni.eni.ClientToken;
import io.vpceni.pool.EniId;

/// What tells an ENI from all others of the node, also before EC2 has given it an id.
public sealed interface EniReference {

    /// EC2 has created it.
    record ById(EniId id) implements EniReference {
        @Override
        public String text() {
            return id.value();
        }
    }

    /// EC2 was asked to create it, and its id is not known yet.
    ///
    /// @param clientToken of the create call
    record ByClientToken(ClientToken clientToken) implements EniReference {
        @Override
        public String text() {
            return "ENI with client token " + clientToken;
        }
    }

    /// EC2 was not asked to create it yet.
    ///
    /// @param request number of the pool's request
    record ByRequest(long request) implements EniReference {
        @Override
        public String text() {
            return "ENI of request " + request;
        }
    }

    /// For people: `eni-0a`, `ENI with client token t`, `ENI of request 7`.
    String text();

    /// Whether EC2 has given it this id.
    default boolean isOf(EniId id) {
        return equals(new ById(id));
    }
}
