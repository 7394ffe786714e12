package io.vpceni.pool.journal;

import java.util.HexFormat;

/// One field of a line of [CheckedLines]. Visible ASCII stands for itself; everything else, and the percent sign,
/// is written as a percent sign and the four hexadecimal digits of the UTF-16 unit. An empty field is a single
/// `-`.
public final class Fields {
    private static final HexFormat HEX = HexFormat.of();
    private static final String EMPTY = "-";
    private static final int DIGITS = 4;

    private Fields() {}

    /// Text as one word.
    public static String encode(String text) {
        if (text.isEmpty()) {
            return EMPTY;
        }
        StringBuilder out = new StringBuilder(text.length());
        boolean plainDash = text.equals(EMPTY);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f && c != '%' && !plainDash) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits(c));
            }
        }
        return out.toString();
    }

    /// What [#encode] was given.
    ///
    /// @throws IllegalArgumentException when it is not what [#encode] makes
    public static String decode(String field) {
        if (field.equals(EMPTY)) {
            return "";
        }
        if (field.indexOf('%') < 0) {
            return field;
        }
        StringBuilder out = new StringBuilder(field.length());
        int i = 0;
        while (i < field.length()) {
            char c = field.charAt(i);
            if (c != '%') {
                out.append(c);
                i++;
            } else if (i + DIGITS < field.length()) {
                out.append((char) HexFormat.fromHexDigits(field, i + 1, i + 1 + DIGITS));
                i += 1 + DIGITS;
            } else {
                throw new IllegalArgumentException("'" + field + "' ends inside a percent sign's digits");
            }
        }
        return out.toString();
    }
}
