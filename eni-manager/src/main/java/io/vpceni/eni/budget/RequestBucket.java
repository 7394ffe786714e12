package io.vpceni.eni.budget;

/// A token bucket with one token per request, as EC2 keeps it per account, region and action.
///
/// @param burst its size, and its content at first; above 0
/// @param perSecond refill rate; above 0
public record RequestBucket(double burst, double perSecond) {

    public RequestBucket {
        if (!(burst > 0 && perSecond > 0)) {
            throw new IllegalArgumentException("a bucket of " + burst + " and " + perSecond + " a second");
        }
    }

    /// A part of it.
    ///
    /// @param share above 0, at most 1
    RequestBucket part(double share) {
        return new RequestBucket(burst * share, perSecond * share);
    }
}
