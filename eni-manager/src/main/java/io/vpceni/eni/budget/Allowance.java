package io.vpceni.eni.budget;

/// A token bucket: one token a request.
///
/// @param burst tokens that it holds at most, and at first; above 0
/// @param perSecond tokens that come back each second; above 0
public record Allowance(double burst, double perSecond) {

    public Allowance {
        if (!(burst > 0 && perSecond > 0)) {
            throw new IllegalArgumentException("an allowance of " + burst + " and " + perSecond + " a second");
        }
    }

    /// A part of it.
    ///
    /// @param share above 0, at most 1
    Allowance part(double share) {
        return new Allowance(burst * share, perSecond * share);
    }
}
