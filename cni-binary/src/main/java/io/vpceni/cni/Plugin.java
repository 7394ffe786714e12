package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/// One execution of the plugin: environment and stdin in, stdout and exit code out (CNI 1.1, section 2).
public final class Plugin {
    /// The longest network configuration that is read from stdin.
    static final int STDIN_BYTES_MAX = 1 << 20;

    /// The longest request: stdin and the variables.
    static final int REQUEST_BYTES_MAX = 2 << 20;

    private static final String DEFAULT_SOCKET = "/run/vpc-eni/ipamd.sock";
    private static final String DEFAULT_VERSION = "1.0.0";
    private static final String SUPPORTED = "[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]";
    private static final String[] VARIABLES = {
        "CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS", "CNI_PATH", "CNI_NETNS_OVERRIDE"
    };

    private static final int DEFAULT_WAIT_SECONDS = 60;
    private static final int WAIT_SECONDS_MAX = 300;
    private static final long DEL_WAIT_MILLIS = 5_000; // runtimes repeat a DEL that failed
    private static final long ANSWER_MILLIS = 330_000; // above the longest wait for an address (300 s) in ipamd
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;

    // CNI 1.1, section 5 "Error".
    private static final int INVALID_ENVIRONMENT = 4;
    private static final int IO_FAILURE = 5;
    private static final int UNDECODABLE = 6;
    private static final int TRY_AGAIN_LATER = 11;
    private static final int NOT_AVAILABLE = 50;
    private static final int INTERNAL = 100;

    private final Posix posix;
    private final long beganNanos;
    private String version = DEFAULT_VERSION;

    public Plugin(Posix posix) {
        this.posix = posix;
        this.beganNanos = posix.monotonicNanos();
    }

    /// A request that ends here, with a CNI error object.
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final int code;

        Refusal(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    /// @return the exit code
    public int run() {
        try {
            return carryOut();
        } catch (Refusal e) {
            return refuse(e.code, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return refuse(INTERNAL, "the plugin met a bug: " + e + "; please report it");
        }
    }

    private int carryOut() throws Refusal {
        String command = posix.environment("CNI_COMMAND");
        if (command.isEmpty()) {
            throw new Refusal(
                    INVALID_ENVIRONMENT,
                    "CNI_COMMAND is missing: vpc-eni is a CNI plugin, which a container runtime executes");
        }
        byte[] stdin = stdin();
        Object configuration = command.equals("VERSION") && stdin.length == 0 ? "" : configuration(stdin);
        String asked = Json.string(configuration, "cniVersion");
        version = asked.isEmpty() ? DEFAULT_VERSION : asked;
        return switch (command) {
            case "VERSION" ->
                print("{\"cniVersion\":" + Json.quoted(version) + ",\"supportedVersions\":" + SUPPORTED + "}", 0);
            case "ADD", "DEL", "CHECK", "GC", "STATUS" -> forward(command, stdin, configuration);
            default ->
                throw new Refusal(
                        INVALID_ENVIRONMENT,
                        "CNI_COMMAND='" + command + "': want ADD, DEL, CHECK, GC, STATUS or VERSION");
        };
    }

    private byte[] stdin() throws Refusal {
        Bytes all = new Bytes(STDIN_BYTES_MAX);
        byte[] buffer = new byte[8192];
        while (true) {
            int count = posix.readStdin(buffer, 0);
            if (count == 0) {
                return all.toArray();
            }
            if (count < 0) {
                throw new Refusal(IO_FAILURE, "stdin cannot be read: " + Errno.name(-count));
            }
            if (count > STDIN_BYTES_MAX - all.length()) {
                throw new Refusal(IO_FAILURE, "the network configuration on stdin has more than 1 MiB");
            }
            all.add(buffer, 0, count);
        }
    }

    private static Object configuration(byte[] stdin) throws Refusal {
        try {
            Object configuration = Json.parse(new String(stdin, UTF_8));
            if (configuration instanceof java.util.Map<?, ?>) {
                return configuration;
            }
            throw new Refusal(UNDECODABLE, "the network configuration on stdin is no JSON object");
        } catch (Json.Malformed e) {
            throw new Refusal(UNDECODABLE, "the network configuration on stdin is not JSON: " + e.getMessage());
        }
    }

    private int forward(String command, byte[] stdin, Object configuration) throws Refusal {
        String socket = Json.string(configuration, "ipamdSocket");
        IpamdCall call = new IpamdCall(posix, socket.isEmpty() ? DEFAULT_SOCKET : socket, beganNanos);
        long giveUpAt = posix.monotonicMillis() + patience(command, configuration);
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            try {
                CniMessages.Answer answer = call.call(environment(), stdin, netnsToHandOver(command), ANSWER_MILLIS);
                return print(answer.stdout(), answer.exitCode());
            } catch (CallFailure e) {
                if (e.kind() != CallFailure.Kind.AWAY || posix.monotonicMillis() + pause > giveUpAt) {
                    throw refusal(command, e);
                }
            }
            posix.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    /// Only an ADD enters the sandbox; a DEL works on the node's side alone, and its namespace may be gone.
    private String netnsToHandOver(String command) {
        return command.equals("ADD") ? posix.environment("CNI_NETNS") : "";
    }

    /// How long to wait for an ipamd that is away. ADD and DEL are the same when they are asked twice.
    private static long patience(String command, Object configuration) {
        return switch (command) {
            case "ADD" -> waitSeconds(configuration) * 1000L;
            case "DEL" -> Math.min(DEL_WAIT_MILLIS, waitSeconds(configuration) * 1000L);
            default -> 0;
        };
    }

    private static int waitSeconds(Object configuration) {
        if (configuration instanceof java.util.Map<?, ?> map && map.get("ipamdWaitSeconds") instanceof Double seconds) {
            return (int) Math.max(0, Math.min(WAIT_SECONDS_MAX, seconds));
        }
        return DEFAULT_WAIT_SECONDS;
    }

    private static Refusal refusal(String command, CallFailure failure) {
        return switch (failure.kind()) {
            case AWAY ->
                new Refusal(
                        command.equals("STATUS") ? NOT_AVAILABLE : TRY_AGAIN_LATER,
                        failure.getMessage() + "; is the vpc-eni pod of this node running? Its log says why not");
            case TRY_LATER ->
                new Refusal(TRY_AGAIN_LATER, failure.getMessage() + "; see the log of the vpc-eni pod of this node");
            case BROKEN ->
                new Refusal(
                        INTERNAL,
                        failure.getMessage()
                                + "; the plugin and ipamd of this node may not go together: install both anew");
        };
    }

    private List<CniMessages.Variable> environment() {
        List<CniMessages.Variable> variables = new ArrayList<>();
        for (String name : VARIABLES) {
            String value = posix.environment(name);
            if (!value.isEmpty()) {
                variables.add(new CniMessages.Variable(name, value));
            }
        }
        return variables;
    }

    private int refuse(int code, String message) {
        return print(
                "{\"cniVersion\":" + Json.quoted(version) + ",\"code\":" + code + ",\"msg\":" + Json.quoted(message)
                        + "}",
                1);
    }

    private int print(String text, int exitCode) {
        return print(text.getBytes(UTF_8), exitCode);
    }

    private int print(byte[] bytes, int exitCode) {
        int written = 0;
        while (written < bytes.length) {
            int count = posix.writeStdout(bytes, written);
            if (count <= 0) {
                return 1; // nobody reads: nothing more can be said
            }
            written += count;
        }
        return exitCode;
    }
}
