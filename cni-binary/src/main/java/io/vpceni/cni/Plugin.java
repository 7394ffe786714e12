package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One execution of the plugin: environment and stdin in, stdout and exit code out (CNI 1.1, section 2).
public final class Plugin {
    /// The longest network configuration that is read from stdin.
    static final int STDIN_BYTES_MAX = 1 << 20;

    /// The longest request: stdin and seven variables at their longest, each character in three bytes.
    static final int REQUEST_BYTES_MAX = 3 << 20;

    private static final int VARIABLE_LENGTH_MAX = 1 << 16; // the kernel allows 128 KiB (MAX_ARG_STRLEN)

    private static final String SUPPORTED = "[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]";
    private static final String[] VARIABLES = {
        "CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS", "CNI_PATH", "CNI_NETNS_OVERRIDE"
    };

    private static final long LIFE_MILLIS = 115_000; // the runtime kills it after 120 s, without a message
    private static final long STDIN_MILLIS = 10_000; // a runtime writes it at once
    private static final long STDOUT_MILLIS = 10_000; // and reads at once
    private static final long DEL_WAIT_MILLIS = 5_000; // when it cannot be kept; runtimes repeat a DEL that failed
    private static final long SERVED_SECONDS = 60; // ipamd writes the file each ten seconds while it serves
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;

    private final Posix posix;
    private final long beganNanos;
    private final Bytes stdin = new Bytes(STDIN_BYTES_MAX, 1024);
    private NetworkConfiguration configuration = NetworkConfiguration.NONE;

    public Plugin(Posix posix) {
        this.posix = posix;
        this.beganNanos = posix.monotonicNanos();
    }

    /// @return the exit code
    public int run() {
        try {
            return carryOut();
        } catch (PluginRefusal e) {
            return print(error(e.code(), String.valueOf(e.getMessage())), 1);
        } catch (RuntimeException e) {
            return print(error(PluginRefusal.INTERNAL, "the plugin met a bug: " + e + "; please report it"), 1);
        }
    }

    private int carryOut() throws PluginRefusal {
        prepareLastWords();
        String command = posix.environment("CNI_COMMAND");
        if (command.isEmpty()) {
            throw new PluginRefusal(
                    PluginRefusal.INVALID_ENVIRONMENT,
                    "CNI_COMMAND is missing: vpc-eni is a CNI plugin, which a container runtime executes");
        }
        readStdin();
        if (!command.equals("VERSION") || stdin.length() > 0) {
            configure(command);
        }
        return switch (command) {
            case "VERSION" ->
                print(
                        ("{\"cniVersion\":" + Json.quoted(configuration.cniVersion()) + ",\"supportedVersions\":"
                                        + SUPPORTED + "}")
                                .getBytes(UTF_8),
                        0);
            case "ADD", "DEL", "CHECK", "GC", "STATUS" -> forward(command);
            default ->
                throw new PluginRefusal(
                        PluginRefusal.INVALID_ENVIRONMENT,
                        "CNI_COMMAND='" + command + "': want ADD, DEL, CHECK, GC, STATUS or VERSION");
        };
    }

    private void prepareLastWords() {
        posix.lastWords(error(
                PluginRefusal.INTERNAL,
                "the plugin could get no more memory: the node has none left, or this is a bug; please report it"));
    }

    private void readStdin() throws PluginRefusal {
        long deadline = posix.monotonicMillis() + STDIN_MILLIS;
        byte[] buffer = new byte[4096];
        while (true) {
            int count = posix.readStdin(buffer, 0, Math.max(0, deadline - posix.monotonicMillis()));
            if (count == 0) {
                return;
            }
            if (count == -Posix.ETIMEDOUT) {
                throw new PluginRefusal(
                        PluginRefusal.IO_FAILURE,
                        "the network configuration on stdin did not end within " + STDIN_MILLIS / 1000
                                + " s: whoever runs the plugin must close it; nothing was done");
            }
            if (count < 0) {
                throw new PluginRefusal(PluginRefusal.IO_FAILURE, "stdin cannot be read: " + Errno.name(-count));
            }
            if (count > STDIN_BYTES_MAX - stdin.length()) {
                throw new PluginRefusal(
                        PluginRefusal.IO_FAILURE, "the network configuration on stdin has more than 1 MiB");
            }
            stdin.add(buffer, 0, count);
        }
    }

    private void configure(String command) throws PluginRefusal {
        if (stdin.length() == 0) {
            throw new PluginRefusal(
                    PluginRefusal.UNDECODABLE,
                    "there is no network configuration on stdin: the runtime writes it there, from its conflist");
        }
        Json text;
        try {
            text = NetworkConfiguration.text(stdin.array(), stdin.length());
        } catch (Json.Malformed e) {
            throw new PluginRefusal(
                    PluginRefusal.UNDECODABLE,
                    "the network configuration on stdin is not a JSON object: " + e.getMessage());
        }
        configuration = NetworkConfiguration.lenient(text);
        prepareLastWords();
        if (!command.equals("DEL") && !command.equals("VERSION")) {
            configuration = NetworkConfiguration.strict(text);
        }
    }

    private int forward(String command) throws PluginRefusal {
        IpamdCall call = new IpamdCall(
                posix, configuration.ipamdSocket(), environment(command), stdin.array(), stdin.length(), beganNanos);
        byte[] netns = netnsToHandOver(command).getBytes(UTF_8);
        String notKept = "";
        long giveUpAt = posix.monotonicMillis() + patience(command);
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            int connection = call.connect();
            @Nullable
            CallFailure failure =
                    null; // created at the end: memory that is allocated while it waits is never freed (ADR 11)
            if (connection >= 0) {
                try {
                    CniMessages.Answer answer = call.over(connection, netns, lifeLeft());
                    return print(answer.stdout(), answer.exitCode());
                } catch (CallFailure e) {
                    failure = e;
                }
            }
            boolean away = failure == null ? connection != -Posix.EACCES : failure.kind() == CallFailure.Kind.AWAY;
            if (away && command.equals("STATUS") && servedLately()) {
                return 0;
            }
            if (away && notKept.isEmpty() && isWholeDel(command)) {
                notKept = call.keepIn(new DelSpool(posix, configuration.ipamdSocket()), beganNanos);
                if (notKept.isEmpty()) {
                    return 0;
                }
            }
            if (!away || posix.monotonicMillis() + pause > giveUpAt) {
                throw refusal(command, failure != null ? failure : unreachable(-connection), notKept);
            }
            posix.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    /// Without these a DEL is refused, and a file would keep it from the runtime.
    private boolean isWholeDel(String command) {
        return command.equals("DEL")
                && !posix.environment("CNI_CONTAINERID").isEmpty()
                && !posix.environment("CNI_IFNAME").isEmpty();
    }

    /// An ipamd that is down for a moment, for example during an upgrade, does not make its node unready: an
    /// ADD waits for it. A file from before the boot does not count, in case the socket's directory is on a
    /// disk.
    private boolean servedLately() {
        String socket = configuration.ipamdSocket();
        String served = socket.substring(0, socket.lastIndexOf('/') + 1) + "served";
        long seconds = posix.secondsSinceWritten(served.getBytes(UTF_8));
        return seconds >= 0 && seconds <= SERVED_SECONDS && seconds * 1000 <= posix.monotonicMillis();
    }

    private CallFailure unreachable(int errno) {
        String reached = "ipamd cannot be reached at " + configuration.ipamdSocket() + " (" + Errno.name(errno) + ")";
        return errno == Posix.EACCES ? CallFailure.forbidden(reached) : CallFailure.away(reached);
    }

    private long lifeLeft() {
        return Math.max(1, beganNanos / 1_000_000 + LIFE_MILLIS - posix.monotonicMillis());
    }

    /// ADD and CHECK enter the sandbox; a DEL works on the node's side alone, and its namespace may be gone.
    private String netnsToHandOver(String command) {
        return command.equals("ADD") || command.equals("CHECK") ? posix.environment("CNI_NETNS") : "";
    }

    /// How long to wait for an ipamd that is down. ADD and DEL are idempotent.
    private long patience(String command) {
        long configured = configuration.ipamdWaitSeconds() * 1000L;
        return switch (command) {
            case "ADD" -> configured;
            case "DEL" -> Math.min(DEL_WAIT_MILLIS, configured);
            default -> 0;
        };
    }

    /// @param notKept why a DEL could not be kept for later; empty for everything else
    private static PluginRefusal refusal(String command, CallFailure failure, String notKept) {
        return switch (failure.kind()) {
            case AWAY ->
                new PluginRefusal(
                        command.equals("STATUS") ? PluginRefusal.NOT_AVAILABLE : PluginRefusal.TRY_AGAIN_LATER,
                        failure.getMessage()
                                + (command.equals("STATUS") ? " and has not served for a minute" : "")
                                + (notKept.isEmpty() ? "" : "; the DEL cannot be kept for it: " + notKept)
                                + "; is the vpc-eni pod of this node running? Its log says why not");
            case FORBIDDEN ->
                new PluginRefusal(
                        PluginRefusal.IO_FAILURE,
                        failure.getMessage() + "; the plugin must run as root, as container runtimes run it");
            case TRY_LATER ->
                new PluginRefusal(
                        PluginRefusal.TRY_AGAIN_LATER,
                        failure.getMessage() + "; see the log of the vpc-eni pod of this node");
            case BROKEN ->
                new PluginRefusal(
                        PluginRefusal.INTERNAL,
                        failure.getMessage()
                                + "; the plugin and ipamd of this node may not go together: install both anew");
        };
    }

    /// A DEL omits a variable that is too long: no ADD succeeded with it.
    private List<CniMessages.EnvironmentVariable> environment(String command) throws PluginRefusal {
        List<CniMessages.EnvironmentVariable> variables = new ArrayList<>();
        for (String name : VARIABLES) {
            String value = posix.environment(name);
            boolean tooLong = value.length() > VARIABLE_LENGTH_MAX;
            if (tooLong && !command.equals("DEL")) {
                throw new PluginRefusal(
                        PluginRefusal.INVALID_ENVIRONMENT,
                        name + " has " + value.length() + " characters: want at most " + VARIABLE_LENGTH_MAX);
            }
            if (!value.isEmpty() && !tooLong) {
                variables.add(new CniMessages.EnvironmentVariable(name, value));
            }
        }
        return variables;
    }

    private byte[] error(int code, String message) {
        return ("{\"cniVersion\":" + Json.quoted(configuration.cniVersion()) + ",\"code\":" + code + ",\"msg\":"
                        + Json.quoted(message) + "}")
                .getBytes(UTF_8);
    }

    private int print(byte[] bytes, int exitCode) {
        long deadline = posix.monotonicMillis() + STDOUT_MILLIS;
        int written = 0;
        while (written < bytes.length) {
            int count = posix.writeStdout(bytes, written, Math.max(0, deadline - posix.monotonicMillis()));
            if (count <= 0) {
                posix.writeStderr(("vpc-eni: " + posix.environment("CNI_COMMAND") + " of "
                                + posix.environment("CNI_CONTAINERID")
                                + " is answered, but nobody reads the answer on stdout (" + Errno.name(-count)
                                + "); the runtime must take it as failed\n")
                        .getBytes(UTF_8));
                return 1;
            }
            written += count;
        }
        return exitCode;
    }
}
