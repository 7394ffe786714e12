package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.lifecycle.EniNotice;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoticeTest {
    @Test
    void anEniIsTheFieldEniAsInOtherLines() {
        Notice notice = Notice.of(new EniNotice(EniNotice.Kind.ENI_LOST, "eni-0123456789abcdef0", ""));

        assertThat(notice.fields()).containsExactly(new Notice.Field("eni", "eni-0123456789abcdef0"));
    }

    @Test
    void anotherSubjectAndADetailHaveFieldsOfTheirOwn() {
        Notice notice = Notice.of(new EniNotice(EniNotice.Kind.SUBNET_EXHAUSTED, "subnet-0a", List.of(7L), "no room"));

        assertThat(notice.fields())
                .containsExactly(
                        new Notice.Field("subject", "subnet-0a"),
                        new Notice.Field("detail", "no room"),
                        new Notice.Field("request", 7L));
    }
}
