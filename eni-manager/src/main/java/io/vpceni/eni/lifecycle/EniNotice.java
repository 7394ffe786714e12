package io.vpceni.eni.lifecycle;

import java.util.List;

/// Something about ENIs that people should hear of, for the log, the metrics and `ipamctl`.
///
/// @param subject the ENI, subnet or call that it is about
/// @param requests numbers of the pool's requests that it belongs to; empty for none
/// @param detail what differs from case to case; "" for nothing
public record EniNotice(Kind kind, String subject, List<Long> requests, String detail) {

    public EniNotice {
        requests = List.copyOf(requests);
    }

    /// One that belongs to no request.
    public EniNotice(Kind kind, String subject, String detail) {
        this(kind, subject, List.of(), detail);
    }

    /// What happened. A label value.
    public enum Kind {
        /// An ENI was created and attached, and its link is set up.
        ENI_ADDED("Attached a new ENI for pods"),
        /// An ENI was detached and deleted.
        ENI_REMOVED("Detached and deleted an ENI that the pool no longer needs"),
        /// An ENI that this node did not ask for was found attached and taken in.
        ENI_FOUND("EC2 lists an ENI on this node that ipamd did not attach; its link is set up now"),
        /// An ENI was detached by somebody else.
        ENI_LOST("Somebody detached an ENI from this node; the pool gives no more of its addresses"),
        /// The creation of an ENI failed, and what EC2 had made was taken away.
        ENI_UNDONE("Took an ENI away whose creation failed; the pool may ask for another"),
        /// An ENI that was attached to nothing was deleted.
        LEAKED_ENI_DELETED("Deleted an ENI of this cluster that was attached to nothing"),
        /// An ENI is attached and its link does not come.
        LINK_MISSING("The link of an ENI is missing or carries nothing; its addresses wait until it is set up, which is"
                + " tried again"),
        /// A subnet has no room: another one, or none, is tried.
        SUBNET_EXHAUSTED("A subnet has no room for a new ENI; another subnet is tried"),
        /// Security groups, tags or delete-on-termination of an ENI were corrected.
        ENI_CORRECTED("Corrected what somebody had changed of an ENI"),
        /// An answer of EC2's that could not be true.
        UNEXPECTED_ANSWER("Ignored an answer of EC2's that fits nothing that was asked");

        private final String sentence;

        Kind(String sentence) {
            this.sentence = sentence;
        }

        /// The same for each notice of this kind: what happened, and what happens next.
        public String sentence() {
            return sentence;
        }
    }
}
