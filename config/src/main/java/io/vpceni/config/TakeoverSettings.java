package io.vpceni.config;

/// What ipamd does on a node that ran another CNI plugin before.
///
/// @param removeAwsRules true: ipamd removes the AWS VPC CNI's packet filter rules
/// @param ignoreBranchEnis true: ipamd also starts on a node that has pods with their own security groups
public record TakeoverSettings(boolean removeAwsRules, boolean ignoreBranchEnis) {

    static TakeoverSettings from(Reading reading) {
        boolean removeAwsRules = reading.value(Variables.VPC_ENI_REMOVE_AWS_RULES);
        boolean ignoreBranchEnis = reading.value(Variables.VPC_ENI_IGNORE_BRANCH_ENIS);
        return new TakeoverSettings(removeAwsRules, ignoreBranchEnis);
    }
}
