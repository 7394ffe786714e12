package io.vpceni.ipamd.observe;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Writes notices to the log.
public final class NoticeLog implements NoticeTaker {
    private static final Logger log = LoggerFactory.getLogger(NoticeLog.class);

    @Override
    public void take(Notice notice) {
        LoggingEventBuilder line =
                (notice.isWarning() ? log.atWarn() : log.atInfo()).addKeyValue("kind", notice.kind());
        for (Notice.Field field : notice.fields()) {
            line = line.addKeyValue(field.name(), field.value());
        }
        line.log(notice.text());
    }
}
