package io.vpceni.config;

/// What is done on a node that another CNI plugin had until now.
///
/// @param removeAwsRules true: the AWS VPC CNI's packet filter rules are taken away
/// @param ignoreBranchEnis true: ipamd starts on a node that has pods with security groups of their own
public record TakeoverSettings(boolean removeAwsRules, boolean ignoreBranchEnis) {

    static TakeoverSettings from(Reading reading) {
        boolean removeAwsRules = reading.value(Variables.VPC_ENI_REMOVE_AWS_RULES);
        boolean ignoreBranchEnis = reading.value(Variables.VPC_ENI_IGNORE_BRANCH_ENIS);
        return new TakeoverSettings(removeAwsRules, ignoreBranchEnis);
    }
}
