package io.vpceni.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// Tags as a JSON object of strings, within EC2's bounds for tags.
final class TagTexts {

    /// EC2 allows 50 tags on a resource. Four are ours; the others are left to programs that tag this node's
    /// ENIs.
    static final int TAGS_MAX = 40;

    private static final int KEY_CHARS_MAX = 128;

    private static final int VALUE_CHARS_MAX = 256;

    /// Tag keys that contain this text say which program manages an ENI: ours, the AWS VPC CNI's and its
    /// controllers'.
    private static final String RESERVED = "k8s.amazonaws.com";

    private static final int HEX_DIGITS = 4;

    private static final int HEX = 16;

    private final String text;

    private int at;

    private TagTexts(String text) {
        this.text = text;
    }

    /// Empty when the text is not one JSON object of strings, repeats a key, or has a tag that EC2 would
    /// refuse.
    static Optional<SequencedMap<String, String>> tags(String text) {
        try {
            return Optional.of(new TagTexts(text).object()).filter(tags -> tags.size() <= TAGS_MAX);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isAllowed(String key, String value) {
        return !key.isEmpty()
                && key.length() <= KEY_CHARS_MAX
                && value.length() <= VALUE_CHARS_MAX
                && !key.toLowerCase(Locale.ROOT).startsWith("aws:")
                && !key.contains(RESERVED);
    }

    private SequencedMap<String, String> object() {
        SequencedMap<String, String> tags = new LinkedHashMap<>();
        expect('{');
        if (!accept('}')) {
            do {
                String key = string();
                expect(':');
                String value = string();
                if (!isAllowed(key, value) || tags.put(key, value) != null) {
                    throw new IllegalArgumentException(key);
                }
            } while (accept(','));
            expect('}');
        }
        skipBlanks();
        if (at < text.length()) {
            throw new IllegalArgumentException("more than one object");
        }
        return tags;
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        for (char next = next(); next != '"'; next = next()) {
            if (next < ' ') {
                throw new IllegalArgumentException("a control character in a string");
            }
            value.append(next == '\\' ? escaped() : next);
        }
        return value.toString();
    }

    private char escaped() {
        char next = next();
        return switch (next) {
            case '"', '\\', '/' -> next;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int digit = 0; digit < HEX_DIGITS; digit++) {
                    int value = Character.digit(next(), HEX);
                    if (value < 0) {
                        throw new IllegalArgumentException("not a hexadecimal digit");
                    }
                    code = code * HEX + value;
                }
                yield (char) code;
            }
            default -> throw new IllegalArgumentException("an unknown escape");
        };
    }

    private void expect(char wanted) {
        if (!accept(wanted)) {
            throw new IllegalArgumentException("want " + wanted);
        }
    }

    private boolean accept(char wanted) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private char next() {
        if (at == text.length()) {
            throw new IllegalArgumentException("cut off");
        }
        return text.charAt(at++);
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
