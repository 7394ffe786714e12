package io.vpceni.cni;

/// What the plugin itself reads of the network configuration; ipamd checks the rest.
///
/// @param cniVersion in which errors are worded; 1.0.0 when the configuration has none, or none that is a version
/// @param ipamdWaitSeconds how long an ADD waits for an ipamd that is away; 0 to 100
/// @param ipamdSocket path of ipamd's gRPC socket
record NetworkConfiguration(String cniVersion, int ipamdWaitSeconds, String ipamdSocket) {
    /// The runtime ends a call after 120 seconds, and ipamd needs some of them.
    static final int WAIT_SECONDS_MAX = 100;

    private static final String VERSION = "cniVersion";
    private static final String SOCKET = "ipamdSocket";
    private static final String WAIT = "ipamdWaitSeconds";

    private static final String DEFAULT_VERSION = "1.0.0";
    private static final String DEFAULT_SOCKET = "/run/vpc-eni/ipamd.sock";
    private static final int DEFAULT_WAIT_SECONDS = 60;
    private static final int VERSION_LENGTH_MAX = 32;
    private static final int SOCKET_PATH_LENGTH_MAX = 107; // struct sockaddr_un, include/uapi/linux/un.h
    private static final int SHOWN_LENGTH_MAX = 60;

    /// What counts when there is no configuration.
    static final NetworkConfiguration NONE =
            new NetworkConfiguration(DEFAULT_VERSION, DEFAULT_WAIT_SECONDS, DEFAULT_SOCKET);

    /// The text of a configuration, checked to be a JSON object; its members were not looked at.
    static Json text(byte[] stdin, int length) throws Json.Malformed {
        return Json.object(stdin, length, VERSION, SOCKET, WAIT);
    }

    /// Wrong values count as missing: a DEL must not fail because of them, since no ADD succeeded with them.
    static NetworkConfiguration lenient(Json text) {
        String socket = text.member(SOCKET).text();
        int seconds = seconds(text.member(WAIT));
        return new NetworkConfiguration(
                version(text),
                seconds < 0 ? DEFAULT_WAIT_SECONDS : seconds,
                isSocket(text.member(SOCKET)) ? socket : DEFAULT_SOCKET);
    }

    /// @throws Refusal for the first member that is wrong; it names the member, its value and what is allowed
    static NetworkConfiguration strict(Json text) throws PluginRefusal {
        Json.Value version = text.member(VERSION);
        if (!isMissing(version) && !version.is(Json.Kind.STRING)) {
            throw wrong(VERSION, version, "want a string, as in \"1.0.0\"");
        }
        Json.Value socket = text.member(SOCKET);
        if (!isMissing(socket) && !isSocket(socket)) {
            throw wrong(SOCKET, socket, "want an absolute path of at most " + SOCKET_PATH_LENGTH_MAX + " bytes");
        }
        Json.Value wait = text.member(WAIT);
        if (!isMissing(wait) && seconds(wait) < 0) {
            throw wrong(WAIT, wait, "want a whole number of seconds from 0 to " + WAIT_SECONDS_MAX + ", not in quotes");
        }
        return lenient(text);
    }

    private static boolean isMissing(Json.Value value) {
        return value.is(Json.Kind.MISSING) || value.is(Json.Kind.NULL);
    }

    private static PluginRefusal wrong(String member, Json.Value value, String wanted) {
        String text = value.text().length() > SHOWN_LENGTH_MAX
                ? value.text().substring(0, SHOWN_LENGTH_MAX) + "..."
                : value.text();
        String shown = value.is(Json.Kind.STRING) ? Json.quoted(text) : text;
        return new PluginRefusal(
                PluginRefusal.INVALID_CONFIGURATION,
                "the network configuration has \"" + member + "\": " + shown + ": " + wanted);
    }

    /// The answer repeats the cniVersion of the request if it has the form of a version.
    private static String version(Json text) {
        Json.Value version = text.member(VERSION);
        boolean usable = version.is(Json.Kind.STRING)
                && !version.text().isEmpty()
                && version.text().length() <= VERSION_LENGTH_MAX;
        return usable ? version.text() : DEFAULT_VERSION;
    }

    private static boolean isSocket(Json.Value socket) {
        String path = socket.text();
        return socket.is(Json.Kind.STRING)
                && path.length() <= SOCKET_PATH_LENGTH_MAX
                && path.indexOf('/') == 0
                && path.indexOf('\0') < 0;
    }

    /// -1 when it is no whole number in its range.
    private static int seconds(Json.Value wait) {
        String digits = wait.text();
        if (!wait.is(Json.Kind.NUMBER) || digits.length() > 3) {
            return -1;
        }
        int seconds = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return -1;
            }
            seconds = 10 * seconds + digits.charAt(i) - '0';
        }
        return seconds <= WAIT_SECONDS_MAX ? seconds : -1;
    }
}
