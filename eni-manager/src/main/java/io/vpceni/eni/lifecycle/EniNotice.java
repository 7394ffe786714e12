package io.vpceni.eni.lifecycle;

/// Something about ENIs that people should hear of, for the log, the metrics and `ipamctl`.
///
/// @param subject the ENI, subnet or action that it is about
/// @param text one sentence
public record EniNotice(Kind kind, String subject, String text) {

    /// What happened. A label value.
    public enum Kind {
        /// An ENI was created and attached, and its link is set up.
        ENI_ADDED,
        /// An ENI was detached and deleted.
        ENI_REMOVED,
        /// An ENI that this node did not ask for was found attached and taken in.
        ENI_FOUND,
        /// An ENI was detached by somebody else.
        ENI_LOST,
        /// An ENI that was begun is of no use and was taken away.
        ENI_UNDONE,
        /// An ENI that was attached to nothing was deleted.
        LEAKED_ENI_DELETED,
        /// An ENI is attached and its link does not come.
        LINK_MISSING,
        /// A subnet has no room: another one, or none, is tried.
        SUBNET_EXHAUSTED,
        /// Security groups, tags or delete-on-termination of an ENI were put right.
        ENI_CORRECTED,
        /// An answer of EC2's that could not be true.
        UNEXPECTED_ANSWER
    }
}
