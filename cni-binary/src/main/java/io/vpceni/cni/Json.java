package io.vpceni.cni;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON (RFC 8259), as much as the plugin needs: reads a whole text, writes strings.
///
/// Objects become maps, arrays lists, strings strings, numbers [Double]s, `true` and `false` [Boolean]s, `null` null.
final class Json {
    /// Thrown for text that is no JSON; the message says where.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what, int at) {
            super(what + " at character " + (at + 1));
        }
    }

    private static final int DEPTH_MAX = 64;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    static @Nullable Object parse(String text) throws Malformed {
        Json json = new Json(text);
        json.blanks();
        Object value = json.value();
        json.blanks();
        if (json.at < text.length()) {
            throw json.malformed("something after the end");
        }
        return value;
    }

    /// The value of a member of an object as a string; "" when it is missing or no string.
    static String string(@Nullable Object object, String member) {
        return object instanceof Map<?, ?> map && map.get(member) instanceof String value ? value : "";
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

    private @Nullable Object value() throws Malformed {
        if (at >= text.length()) {
            throw malformed("the text ends too early");
        }
        if (++depth > DEPTH_MAX) {
            throw malformed("nested too deeply");
        }
        char c = text.charAt(at);
        Object value;
        if (c == '{') {
            value = object();
        } else if (c == '[') {
            value = array();
        } else if (c == '"') {
            value = quotedString();
        } else {
            value = word();
        }
        depth--;
        return value;
    }

    private Map<String, @Nullable Object> object() throws Malformed {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        blanks();
        if (take('}')) {
            return members;
        }
        do {
            blanks();
            if (at >= text.length() || text.charAt(at) != '"') {
                throw malformed("want a member's name");
            }
            String name = quotedString();
            blanks();
            want(':');
            blanks();
            members.put(name, value());
            blanks();
        } while (take(','));
        want('}');
        return members;
    }

    private List<@Nullable Object> array() throws Malformed {
        List<@Nullable Object> elements = new ArrayList<>();
        at++;
        blanks();
        if (take(']')) {
            return elements;
        }
        do {
            blanks();
            elements.add(value());
            blanks();
        } while (take(','));
        want(']');
        return elements;
    }

    private String quotedString() throws Malformed {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw malformed("a control character in a string");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        throw malformed("a string without end");
    }

    private char escaped() throws Malformed {
        if (at >= text.length()) {
            throw malformed("a string without end");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw malformed("an unknown escape");
        };
    }

    private char unicode() throws Malformed {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? hexDigit(text.charAt(at++)) : -1;
            if (digit < 0) {
                throw malformed("want four hex digits");
            }
            value = (value << 4) | digit;
        }
        return (char) value;
    }

    /// -1 when it is none. Only ASCII: Character.digit knows the digits of other scripts too.
    static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'f' && c < 0x80 ? lower - 'a' + 10 : -1;
    }

    /// `true`, `false`, `null` or a number.
    private @Nullable Object word() throws Malformed {
        int start = at;
        while (at < text.length() && "+-.0123456789abcdefghijklmnopqrstuvwxyzE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.equals("null")) {
            return null;
        }
        if (word.equals("true") || word.equals("false")) {
            return word.equals("true");
        }
        if (!isNumber(word)) {
            at = start;
            throw malformed("want a value");
        }
        return Double.parseDouble(word);
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private static boolean isNumber(String word) {
        int i = word.startsWith("-") ? 1 : 0;
        int whole = digits(word, i);
        if (whole == 0 || (whole > 1 && word.charAt(i) == '0')) {
            return false;
        }
        i += whole;
        if (i < word.length() && word.charAt(i) == '.') {
            int fraction = digits(word, i + 1);
            if (fraction == 0) {
                return false;
            }
            i += 1 + fraction;
        }
        if (i < word.length() && (word.charAt(i) == 'e' || word.charAt(i) == 'E')) {
            i++;
            if (i < word.length() && (word.charAt(i) == '+' || word.charAt(i) == '-')) {
                i++;
            }
            int exponent = digits(word, i);
            if (exponent == 0) {
                return false;
            }
            i += exponent;
        }
        return i == word.length();
    }

    private static int digits(String word, int from) {
        int i = from;
        while (i < word.length() && word.charAt(i) >= '0' && word.charAt(i) <= '9') {
            i++;
        }
        return i - from;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
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
        return new Malformed(what, Math.min(at, text.length()));
    }
}
