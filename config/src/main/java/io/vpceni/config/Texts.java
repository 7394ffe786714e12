package io.vpceni.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Converts the text of a variable to a value. The whole text must be valid; nothing is guessed.
final class Texts {

    /// `sun_path` holds 108 bytes, the last of them zero (`unix(7)`).
    private static final int SOCKET_PATH_BYTES_MAX = 107;

    private static final List<String> TRUE = List.of("true", "1", "t", "T", "TRUE", "True");

    private static final List<String> FALSE = List.of("false", "0", "f", "F", "FALSE", "False");

    private Texts() {}

    /// The spellings that Go's `strconv.ParseBool` accepts, because the AWS VPC CNI accepts them.
    static Optional<Boolean> flag(String text) {
        if (TRUE.contains(text)) {
            return Optional.of(true);
        }
        return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
    }

    /// Decimal digits. A sign is allowed only if the range has negative numbers.
    static Optional<Integer> integer(String text, int min, int max) {
        if (!text.matches("-?[0-9]{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text)).filter(value -> value >= min && value <= max);
    }

    /// Decimal digits, with at most four after the point.
    static Optional<Double> percent(String text, double min) {
        if (!text.matches("[0-9]{1,3}([.][0-9]{1,4})?")) {
            return Optional.empty();
        }
        return Optional.of(Double.valueOf(text)).filter(value -> value >= min && value <= 100);
    }

    static Optional<Duration> seconds(String text, int min, int max) {
        return integer(text, min, max).map(Duration::ofSeconds);
    }

    /// An integer literal as in C: `0x80`, `128` or octal `0200`; 1 to 2^32 - 1.
    static Optional<Integer> mark(String text) {
        if (!text.matches("0[xX][0-9a-fA-F]{1,8}|[0-9]{1,12}")) {
            return Optional.empty();
        }
        try {
            long value = Long.decode(text);
            return value >= 1 && value <= 0xffff_ffffL ? Optional.of((int) value) : Optional.empty();
        } catch (NumberFormatException notOctal) {
            return Optional.empty();
        }
    }

    /// Blocks separated by commas, with optional blanks. Host bits are cleared, as the AWS VPC CNI does.
    static Optional<List<Cidr>> ipv4Cidrs(String text) {
        if (text.isBlank()) {
            return Optional.of(List.of());
        }
        try {
            List<Cidr> cidrs = Arrays.stream(text.split(",", -1))
                    .map(part -> Cidr.parseContaining(part.strip()))
                    .sorted()
                    .distinct()
                    .toList();
            return Optional.of(cidrs).filter(all -> all.stream().allMatch(Texts::isIpv4));
        } catch (IllegalArgumentException notACidr) {
            return Optional.empty();
        }
    }

    static Optional<Path> absolutePath(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute).map(Path::normalize);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    static Optional<Path> socketPath(String text) {
        return absolutePath(text)
                .filter(path -> path.getNameCount() > 0)
                .filter(path -> path.toString().getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES_MAX);
    }

    /// `host:port`, `[v6]:port` or `:port`. The host is a literal: no name server is asked.
    static Optional<InetSocketAddress> bindAddress(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        Optional<Integer> port = integer(text.substring(colon + 1), 1, 65_535);
        if (host.isEmpty()) {
            return port.map(InetSocketAddress::new);
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed != host.contains(":")) {
            return Optional.empty();
        }
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            return port.map(number -> new InetSocketAddress(address, number));
        } catch (IllegalArgumentException notALiteral) {
            return Optional.empty();
        }
    }

    static Optional<String> matching(String text, Predicate<String> allowed) {
        return Optional.of(text).filter(allowed);
    }

    /// The constant with this name in lower case.
    static <E extends Enum<E>> Optional<E> constant(E[] constants, String text) {
        return Arrays.stream(constants)
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
    }

    private static boolean isIpv4(Cidr cidr) {
        return cidr.network().getAddress().length == 4;
    }
}
