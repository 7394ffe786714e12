package io.vpceni.lab.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/// Writes HTML: elements that are closed in the order of their opening, and text that is escaped.
final class Html {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /// Opens an element.
    ///
    /// @param attributes names and values in turns; one with an empty value is left out
    Html open(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            if (!attributes[i + 1].isEmpty()) {
                out.append(' ').append(attributes[i]).append("=\"");
                escape(attributes[i + 1]);
                out.append('"');
            }
        }
        out.append('>');
        open.push(element);
        return this;
    }

    Html text(String text) {
        escape(text);
        return this;
    }

    /// Closes what was opened last.
    Html close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /// As [#close], with a line's end, so that the page can be read and compared.
    Html closeLine() {
        close();
        out.append('\n');
        return this;
    }

    /// An element with nothing but text in it.
    Html element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c); // not allowed in HTML
            }
        }
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        return out.toString();
    }
}
