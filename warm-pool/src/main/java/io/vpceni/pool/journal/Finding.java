package io.vpceni.pool.journal;

/// Something that was found at start and that people should hear of.
///
/// @param text one sentence
public record Finding(Kind kind, String text) {

    /// What was found. Metrics count by this name.
    public enum Kind {
        /// The last record was written only in part: it was cut off. Nobody had acted upon it.
        TORN_TAIL,
        /// Some bytes inside the journal are not what was written; the records around them were kept.
        DAMAGED,
        /// The journal was written by a later version of ipamd and was renamed.
        NEWER_FORMAT,
        /// The journal could not be read and was renamed.
        UNREADABLE,
        /// There is no journal though the kernel has pods of ours.
        JOURNAL_MISSING,
        /// The journal remembers more than there is room for; the oldest was forgotten.
        OVERFLOW,
        /// The journal says that a sandbox has an address and the kernel has no such sandbox.
        SANDBOX_GONE,
        /// The kernel has a sandbox that the journal does not know.
        NOT_IN_JOURNAL,
        /// The kernel has a sandbox with another address than the journal says.
        OTHER_ADDRESS,
        /// A sandbox's link has lost what tells whose it is; its name and a record tell it.
        KNOWN_BY_NAME,
        /// A link has lost what tells whose it is, and may be one of several sandboxes of its pod.
        DOUBTED_LINK,
        /// EC2 does not list the address of a sandbox.
        NOT_LISTED,
        /// Two sandboxes have one address.
        TWO_HOLDERS,
        /// A block was on its way out, and yet a sandbox has an address of it.
        STILL_HELD,
        /// A pod of another CNI plugin has an address of this node and is in no checkpoint.
        FOREIGN,
        /// A pod of another CNI plugin was taken over with its address.
        ADOPTED,
        /// An entry of the checkpoint whose pod the kernel does not have.
        NOT_ADOPTED,
        /// The checkpoint, or an entry of it, cannot be used.
        CHECKPOINT
    }
}
