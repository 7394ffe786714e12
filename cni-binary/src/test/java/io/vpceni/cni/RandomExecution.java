package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What one execution gets: its environment and its stdin, real-sized ones and odd ones.
///
/// @param readsAnswer false: whoever runs it goes away before it answers
record RandomExecution(Map<String, String> environment, byte[] stdin, boolean readsAnswer) {
    private static final List<String> COMMANDS =
            List.of("ADD", "ADD", "ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION");
    private static final List<String> NAMESPACES =
            List.of("", "/proc/self/ns/net", "/no/such/namespace", "/dev/null", "/", "/" + "n".repeat(5_000));
    private static final List<String> WRONG_VALUES =
            List.of("\"1\"", "-1", "1.5", "1e400", "101", "null", "[]", "{\"a\":[{}]}", "true", "9".repeat(500));
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-._=;/\\\" \tüж€😀";

    /// @param sockets of peers; the one that the configuration names is among them
    static RandomExecution draw(RandomGenerator random, List<String> sockets) {
        Map<String, String> environment = new LinkedHashMap<>();
        String command = random.nextInt(50) == 0 ? text(random, 20) : pick(random, COMMANDS);
        environment.put("CNI_COMMAND", command);
        environment.put("CNI_CONTAINERID", odd(random) ? text(random, 300) : hex(random, 32));
        environment.put("CNI_NETNS", odd(random) ? pick(random, NAMESPACES) : "/var/run/netns/cni-" + hex(random, 16));
        environment.put("CNI_IFNAME", odd(random) ? text(random, 40) : "eth0");
        environment.put(
                "CNI_ARGS",
                odd(random)
                        ? text(random, random.nextInt(20) == 0 ? 70_000 : 500)
                        : "IgnoreUnknown=1;K8S_POD_NAMESPACE=" + "n".repeat(1 + random.nextInt(63)) + ";K8S_POD_NAME="
                                + "p".repeat(1 + random.nextInt(253)) + ";K8S_POD_INFRA_CONTAINER_ID=" + hex(random, 32)
                                + ";K8S_POD_UID=" + hex(random, 16));
        environment.put("CNI_PATH", "/opt/cni/bin" + (odd(random) ? ":" + text(random, 200) : ""));
        if (odd(random)) {
            environment.put("LANG", pick(random, List.of("C.UTF-8", "de_DE.UTF-8", text(random, 30))));
            environment.put(text(random, 10).replaceAll("[^a-z]", "X") + "X", text(random, 5_000));
        }
        environment.replaceAll((_, value) -> value.replace("\0", ""));
        return new RandomExecution(environment, stdin(random, command, pick(random, sockets)), random.nextInt(30) != 0);
    }

    /// A DEL goes to the usual socket when the configuration's is wrong, and that may be a real ipamd's.
    private static byte[] stdin(RandomGenerator random, String command, String socket) {
        boolean mayBeWrong = !command.equals("DEL");
        StringBuilder json = new StringBuilder("{\"cniVersion\":");
        json.append(odd(random) ? pick(random, WRONG_VALUES) : "\"1.0.0\"");
        json.append(",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\",\"ipamdSocket\":\"")
                .append(socket)
                .append('"');
        json.append(",\"ipamdWaitSeconds\":").append(waitSeconds(random, mayBeWrong));
        filler(random, json);
        if (mayBeWrong && random.nextInt(40) == 0) {
            json.append(",\"ipamdSocket\":").append(pick(random, WRONG_VALUES));
        }
        byte[] stdin = json.append('}').toString().getBytes(UTF_8);
        if (mayBeWrong && odd(random)) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                stdin[random.nextInt(stdin.length)] = (byte) random.nextInt();
            }
        }
        return stdin;
    }

    private static String waitSeconds(RandomGenerator random, boolean mayBeWrong) {
        if (random.nextInt(50) == 0) {
            return String.valueOf(1 + random.nextInt(3));
        }
        return mayBeWrong && random.nextInt(20) == 0 ? pick(random, WRONG_VALUES) : "0";
    }

    /// Mostly nothing; up to more than a mebibyte of the things that configurations are made of.
    private static void filler(RandomGenerator random, StringBuilder json) {
        int bytes = random.nextInt(4) == 0 ? (int) Math.pow(10, 2 + random.nextDouble() * 4.05) : 0;
        switch (random.nextInt(5)) {
            case 0 -> json.append(",\"x\":\"").append("y".repeat(bytes)).append('"');
            case 1 -> json.append(",\"x\":[").append("1,".repeat(bytes / 2)).append("[]]");
            case 2 -> json.append(",\"cniVersion\":\"\\u0031.0.0\"".repeat(bytes / 26));
            case 3 -> json.append(",\"x\":\"").append("\\n€".repeat(bytes / 5)).append('"');
            default -> json.append(",\"x\":").append("[".repeat(Math.min(bytes, 100)));
        }
    }

    private static boolean odd(RandomGenerator random) {
        return random.nextInt(5) == 0;
    }

    private static String hex(RandomGenerator random, int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private static String text(RandomGenerator random, int lengthMax) {
        return random.ints(random.nextInt(lengthMax + 1), 0, LETTERS.length())
                .collect(StringBuilder::new, (text, i) -> text.append(LETTERS.charAt(i)), StringBuilder::append)
                .toString();
    }

    private static <T> T pick(RandomGenerator random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
