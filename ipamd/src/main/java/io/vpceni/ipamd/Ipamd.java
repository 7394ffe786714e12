package io.vpceni.ipamd;

import io.vpceni.config.LogFormat;
import io.vpceni.config.Settings;
import io.vpceni.config.SettingsException;
import io.vpceni.ipamd.log.LogSetup;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The daemon's `main`. All settings come from the environment (docs/settings.md).
///
/// Exit codes: 143 or 130 stopped by SIGTERM or SIGINT, after everything was closed; 1 stopped by an error; 2 the
/// settings are wrong.
@ProcessBoundary
@SuppressWarnings("SystemOut") // wrong settings are reported before the log is set up
public final class Ipamd {
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_SETTINGS = 2;

    private Ipamd() {}

    public static void main(String[] args) {
        System.exit(run(System.getenv(), System.err));
    }

    private static int run(Map<String, String> environment, PrintStream err) {
        Settings settings;
        try {
            settings = Settings.from(environment);
        } catch (SettingsException e) {
            err.println("ipamd: the settings are wrong; it does not start until they are corrected:");
            e.problems().forEach(problem -> err.println("  " + problem));
            return EXIT_SETTINGS;
        }
        LogSetup.apply(
                settings.daemon().logFormat() == LogFormat.JSON,
                settings.daemon().logLevel().name());
        Logger log = LoggerFactory.getLogger(Ipamd.class);
        settings.warnings().forEach(warning -> log.atWarn().log(warning));
        warnOfUnused(System.getProperty("vpceni.unused", ""), log);
        try (Daemon daemon =
                new Daemon(settings, environment, Clock.systemUTC(), System::nanoTime, KernelSource.NODE)) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(daemon::stopAndWait));
            daemon.run();
            return 0;
        } catch (InterruptedException _) {
            return 0;
        } catch (IOException | RuntimeException e) {
            log.atError().setCause(e).log("ipamd stops because of this error");
            return EXIT_FAILED;
        }
    }

    /// @param names of variables that the launcher (`/opt/vpc-eni/ipamd`) removed, separated by blanks
    private static void warnOfUnused(String names, Logger log) {
        if (!names.isEmpty()) {
            log.atWarn()
                    .addKeyValue("variables", List.of(names.split(" ", -1)))
                    .log("JVM options are set in the environment, perhaps by a mutating webhook; ipamd's JVM "
                            + "ignores them: exempt its namespace from the webhook");
        }
    }
}
