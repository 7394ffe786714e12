package io.vpceni.ipamd.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Configures Logback in code, without XML, which would slow the start.
///
/// Logback finds this class as its [Configurator] (`META-INF/services`); until [#apply] has the settings it logs as
/// JSON at INFO.
public final class LogSetup extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, true, Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// @param level one of Logback's: DEBUG, INFO, WARN, ERROR
    public static void apply(boolean asJson, String level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            install(context, asJson, Level.toLevel(level, Level.INFO));
        }
    }

    /// gRPC logs by java.util.logging, which is redirected to Logback.
    private static void takeOverJavaLogging() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static void install(LoggerContext context, boolean asJson, Level level) {
        takeOverJavaLogging();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        EventEncoder encoder = new EventEncoder(asJson);
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> stdout = new ConsoleAppender<>();
        stdout.setContext(context);
        stdout.setName("stdout");
        stdout.setEncoder(encoder);
        stdout.start();
        root.setLevel(Level.INFO.isGreaterOrEqual(level) ? Level.INFO : level); // libraries: INFO at most
        context.getLogger("io.vpceni").setLevel(level);
        context.getLogger("io.netty.bootstrap").setLevel(Level.ERROR); // gRPC's TCP options, refused per unix socket
        context.getLogger("io.grpc")
                .setLevel(Level.WARN); // at INFO it logs a stack trace for each connection that does not speak gRPC
        root.addAppender(stdout);
    }
}
