package io.vpceni.ipamd.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogSetupTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

    @BeforeEach
    void listen() {
        LogSetup.apply(true, "INFO");
        heard.start();
        root.addAppender(heard);
    }

    @AfterEach
    void listenNoMore() {
        root.detachAppender(heard);
    }

    @Test
    void whatLibrariesLogByJavaLoggingIsAnEventAsAnyOther() {
        java.util.logging.Logger.getLogger("io.grpc.netty.NettyServerTransport").warning("something is wrong");

        assertThat(heard.list).extracting(ILoggingEvent::getMessage).containsExactly("something is wrong");
        assertThat(LogManager.getLogManager().getLogger("").getHandlers()).hasSize(1);
    }

    /// As gRPC says of each connection whose first bytes are no HTTP/2.
    @Test
    void aConnectionThatIsNoGrpcIsNotLogged() {
        java.util.logging.Logger.getLogger("io.grpc.netty.NettyServerTransport.connections")
                .log(java.util.logging.Level.INFO, "Transport failed", new IllegalStateException("no preface"));

        assertThat(heard.list).isEmpty();
    }
}
