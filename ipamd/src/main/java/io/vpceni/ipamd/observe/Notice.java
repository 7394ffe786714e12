package io.vpceni.ipamd.observe;

import io.vpceni.eni.RequestScope;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.pool.PoolNotice;
import java.util.ArrayList;
import java.util.List;

/// An event about addresses or ENIs for operators.
///
/// @param kind a label value of metrics, and later the reason of an Event
/// @param isWarning whether a person may have to act
/// @param text one sentence: what happened and what ipamd does about it
/// @param fields the objects that it is about
public record Notice(Origin origin, String kind, boolean isWarning, String text, List<Field> fields) {
    /// The component that reports it.
    public enum Origin {
        POOL,
        ENIS
    }

    /// One object that a notice is about.
    public record Field(String name, Object value) {}

    public Notice {
        fields = List.copyOf(fields);
    }

    public static Notice of(PoolNotice notice) {
        boolean warning = switch (notice.kind()) {
            case DISPUTED, GONE, DEL_LOST, UNEXPECTED_ANSWER -> true;
            case DISPUTE_RESOLVED, RETURNED, PREFIXES_OFF, PREFIXES_ON -> false;
        };
        List<Field> fields = notice.fields().stream()
                .map(field -> new Field(field.name(), field.value()))
                .toList();
        return new Notice(Origin.POOL, notice.kind().name(), warning, notice.text(), fields);
    }

    public static Notice of(EniNotice notice) {
        boolean warning = switch (notice.kind()) {
            case ENI_LOST, LINK_MISSING, SUBNET_EXHAUSTED, UNEXPECTED_ANSWER -> true;
            case ENI_ADDED, ENI_REMOVED, ENI_FOUND, ENI_UNDONE, LEAKED_ENI_DELETED, ENI_CORRECTED -> false;
        };
        List<Field> fields = new ArrayList<>();
        boolean isEni = notice.subject().startsWith("eni-");
        fields.add(new Field(isEni ? "eni" : "subject", notice.subject()));
        if (!notice.detail().isEmpty()) {
            fields.add(new Field("detail", notice.detail()));
        }
        RequestScope.value(notice.requests()).ifPresent(value -> fields.add(new Field(RequestScope.FIELD, value)));
        return new Notice(
                Origin.ENIS, notice.kind().name(), warning, notice.kind().sentence(), fields);
    }
}
