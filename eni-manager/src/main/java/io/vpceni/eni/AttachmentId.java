package io.vpceni.eni;

/// EC2's name of the attachment of an ENI to an instance, as in `eni-attach-0a1b2c3d`.
public record AttachmentId(String value) {

    /// @throws IllegalArgumentException when it is blank
    public AttachmentId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("the id of the attachment is blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
