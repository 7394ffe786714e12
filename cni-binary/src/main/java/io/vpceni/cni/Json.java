package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The JSON (RFC 8259) that the plugin needs: checks a whole text, keeps some members of its object, writes strings.
///
/// Only the requested values are copied: a mebibyte of brackets needs no memory.
final class Json {
    /// Thrown for text that is not a JSON object; the message says where.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what, int at) {
            super(what + " at byte " + (at + 1));
        }
    }

    /// What a value is.
    enum Kind {
        MISSING,
        STRING,
        NUMBER,
        TRUE_OR_FALSE,
        NULL,
        OBJECT,
        ARRAY
    }

    /// A member's value.
    ///
    /// @param text what a string says; all else as it stands in the JSON text, long ones cut; empty when missing
    record Value(Kind kind, String text) {
        boolean is(Kind other) {
            return kind == other;
        }
    }

    private static final int DEPTH_MAX = 64;
    private static final int SHOWN_BYTES_MAX = 60;

    private final byte[] text;
    private final int length;
    private final String[] names;
    private final Kind[] kinds;
    private final int[] starts;
    private final int[] ends;
    private int at;
    private int depth;

    private Json(byte[] text, int length, String[] names) {
        this.text = text;
        this.length = length;
        this.names = names;
        kinds = new Kind[names.length];
        starts = new int[names.length];
        ends = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            kinds[i] = Kind.MISSING;
        }
    }

    /// Reads an object.
    ///
    /// @param length how many of the bytes are the text
    /// @param names of the members to keep, in ASCII; of a name that stands there twice the last counts
    static Json object(byte[] text, int length, String... names) throws Malformed {
        Json json = new Json(text, length, names);
        json.blanks();
        Kind kind = json.value();
        json.blanks();
        if (json.at < length) {
            throw json.malformed("something after the end");
        }
        if (kind != Kind.OBJECT) {
            throw new Malformed("want an object", 0);
        }
        return json;
    }

    /// @param name one of those that were to be kept
    Value member(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return new Value(kinds[i], kinds[i] == Kind.STRING ? unescaped(starts[i] + 1, ends[i] - 1) : shown(i));
            }
        }
        throw new IllegalArgumentException(name + " was not to be kept");
    }

    /// A JSON string with its quotes.
    static String quoted(String value) {
        StringBuilder out = new StringBuilder().append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(hex(c >> 4)).append(hex(c & 15));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private static char hex(int digit) {
        return "0123456789abcdef".charAt(digit);
    }

    /// -1 when it is none. Only ASCII: Character.digit knows the digits of other scripts too.
    static int hexDigit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' && c < 0x80 ? lower - 'a' + 10 : -1;
    }

    private String shown(int member) {
        int count = ends[member] - starts[member];
        String start = new String(text, starts[member], Math.min(count, SHOWN_BYTES_MAX), UTF_8);
        return count > SHOWN_BYTES_MAX ? start + "..." : start;
    }

    /// What a string says; its escapes were checked before.
    private String unescaped(int from, int to) {
        String raw = new String(text, from, to - from, UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
            } else if (raw.charAt(++i) == 'u') {
                int value = 0;
                for (int digit = 1; digit <= 4; digit++) {
                    value = (value << 4) | hexDigit(raw.charAt(i + digit));
                }
                out.append((char) value);
                i += 4;
            } else {
                out.append(escaped(raw.charAt(i)));
            }
        }
        return out.toString();
    }

    /// What stands for a character behind a backslash; 0 when that is no escape.
    private static char escaped(int c) {
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> 0;
        };
    }

    private Kind value() throws Malformed {
        if (++depth > DEPTH_MAX) {
            throw malformed("nested too deeply");
        }
        Kind kind = switch (peek()) {
            case -1 -> throw malformed("the text ends too early");
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> word();
        };
        depth--;
        return kind;
    }

    private Kind object() throws Malformed {
        at++;
        blanks();
        if (take('}')) {
            return Kind.OBJECT;
        }
        do {
            blanks();
            if (peek() != '"') {
                throw malformed("want a member's name");
            }
            int nameStart = at + 1;
            string();
            int kept = depth == 1 ? kept(nameStart, at - 1) : -1;
            blanks();
            want(':');
            blanks();
            int start = at;
            Kind kind = value();
            if (kept >= 0) {
                kinds[kept] = kind;
                starts[kept] = start;
                ends[kept] = at;
            }
            blanks();
        } while (take(','));
        want('}');
        return Kind.OBJECT;
    }

    /// Which of the members to keep has that name; -1 when none.
    private int kept(int from, int to) {
        for (int i = 0; i < names.length; i++) {
            if (says(from, to, names[i])) {
                return i;
            }
        }
        return -1;
    }

    /// Whether a string of the text is the name, without a copy of it.
    private boolean says(int from, int to, String name) {
        int i = from;
        for (int j = 0; j < name.length(); j++) {
            if (i >= to) {
                return false;
            }
            int c = text[i++];
            if (c == '\\') {
                c = escaped(text[i++]);
                if (c == 0) { // \\u
                    for (int digit = 0; digit < 4; digit++) {
                        c = (c << 4) | hexDigit(text[i++]);
                    }
                }
            }
            if (c != name.charAt(j)) {
                return false;
            }
        }
        return i == to;
    }

    private Kind array() throws Malformed {
        at++;
        blanks();
        if (take(']')) {
            return Kind.ARRAY;
        }
        do {
            blanks();
            value();
            blanks();
        } while (take(','));
        want(']');
        return Kind.ARRAY;
    }

    private Kind string() throws Malformed {
        at++;
        while (at < length) {
            int c = text[at++];
            if (c == '"') {
                return Kind.STRING;
            }
            if (c >= 0 && c < ' ') { // bytes from 0x80 on are negative
                throw malformed("a control character in a string");
            }
            if (c == '\\') {
                escape();
            }
        }
        throw malformed("a string without end");
    }

    private void escape() throws Malformed {
        int c = peek();
        if (c == -1) {
            throw malformed("a string without end");
        }
        at++;
        if (c == 'u') {
            for (int i = 0; i < 4; i++) {
                if (hexDigit(peek()) < 0) {
                    throw malformed("want four hex digits");
                }
                at++;
            }
        } else if (escaped(c) == 0) {
            throw malformed("an unknown escape");
        }
    }

    /// `true`, `false`, `null` or a number.
    private Kind word() throws Malformed {
        int start = at;
        while (at < length && "+-.0123456789abcdefghijklmnopqrstuvwxyzE".indexOf(text[at]) >= 0) {
            at++;
        }
        if (says(start, at, "null")) {
            return Kind.NULL;
        }
        if (says(start, at, "true") || says(start, at, "false")) {
            return Kind.TRUE_OR_FALSE;
        }
        if (!isNumber(start, at)) {
            at = start;
            throw malformed("want a value");
        }
        return Kind.NUMBER;
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private boolean isNumber(int from, int to) {
        int i = from < to && text[from] == '-' ? from + 1 : from;
        int whole = digits(i, to);
        if (whole == 0 || (whole > 1 && text[i] == '0')) {
            return false;
        }
        i += whole;
        if (i < to && text[i] == '.') {
            int fraction = digits(i + 1, to);
            if (fraction == 0) {
                return false;
            }
            i += 1 + fraction;
        }
        if (i < to && (text[i] == 'e' || text[i] == 'E')) {
            i++;
            if (i < to && (text[i] == '+' || text[i] == '-')) {
                i++;
            }
            int exponent = digits(i, to);
            if (exponent == 0) {
                return false;
            }
            i += exponent;
        }
        return i == to;
    }

    private int digits(int from, int to) {
        int i = from;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i - from;
    }

    private void blanks() {
        while (at < length && " \t\r\n".indexOf(text[at]) >= 0) {
            at++;
        }
    }

    /// The next byte, 0 to 255; -1 at the end.
    private int peek() {
        return at < length ? text[at] & 0xff : -1;
    }

    private boolean take(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private void want(char c) throws Malformed {
        if (!take(c)) {
            throw malformed("want '" + c + "'");
        }
    }

    private Malformed malformed(String what) {
        return new Malformed(what, Math.min(at, length));
    }
}
