package io.vpceni.config;

/// A variable of the AWS VPC CNI that asks for something which this version does not have.
///
/// Silent at the value that means "off"; anything else is a problem, for whoever sets it relies on it.
///
/// @param off the only value that is accepted
record UnsupportedMode(String name, boolean off, String meaning) {

    /// Whether the text means the accepted value.
    boolean isOff(String text) {
        return Texts.flag(text).filter(value -> value == off).isPresent();
    }
}
