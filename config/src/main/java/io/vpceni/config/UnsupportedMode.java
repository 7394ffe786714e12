package io.vpceni.config;

/// A variable of the AWS VPC CNI that requests a feature which this version does not have.
///
/// The value that means "off" is accepted silently. Any other value is an error, because the operator relies on
/// the feature.
///
/// @param off the only accepted value
record UnsupportedMode(String name, boolean off, String meaning) {

    /// Whether the text means the accepted value.
    boolean isOff(String text) {
        return Texts.flag(text).filter(value -> value == off).isPresent();
    }
}
