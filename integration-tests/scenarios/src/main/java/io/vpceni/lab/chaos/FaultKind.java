package io.vpceni.lab.chaos;

/// The kinds of faults of EC2 and IMDS. [FaultSchedule] has the faults of each.
enum FaultKind {
    NO_FAULTS("no faults"),
    STORM("storm"),
    IMDS_DOWN("IMDS down"),
    IMDS_STALE("IMDS stale"),
    PERMISSION_LOST("permission lost"),
    SUBNET_FULL("subnet full"),
    THROTTLED("throttled"),
    ANSWERS_LOST("answers lost"),
    PARTIAL_ANSWERS("partly done"),
    EVERYTHING_LATE("everything late"),
    ENI_LIMIT("ENI limit"),
    IMDS_SILENT("IMDS silent");

    private final String title;

    FaultKind(String title) {
        this.title = title;
    }

    /// The name in the report.
    String title() {
        return title;
    }
}
