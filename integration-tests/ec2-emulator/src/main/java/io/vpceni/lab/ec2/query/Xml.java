package io.vpceni.lab.ec2.query;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/// Writes one XML answer: elements in the order of the calls, lists as `<item>` elements, no attributes but the
/// namespace.
public final class Xml {
    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    /// The outermost element, with or without a namespace (`""`: without, as errors are).
    public Xml root(String name, String namespace, Runnable body) {
        out.append('<').append(name);
        if (!namespace.isEmpty()) {
            out.append(" xmlns=\"").append(namespace).append('"');
        }
        out.append('>');
        body.run();
        return close(name);
    }

    public Xml element(String name, Runnable body) {
        out.append('<').append(name).append('>');
        body.run();
        return close(name);
    }

    public Xml text(String name, String value) {
        out.append('<').append(name).append('>');
        escape(value);
        return close(name);
    }

    public Xml text(String name, long value) {
        return text(name, Long.toString(value));
    }

    public Xml text(String name, boolean value) {
        return text(name, Boolean.toString(value));
    }

    public <T> Xml list(String name, Collection<T> items, Consumer<T> body) {
        return element(name, () -> items.forEach(item -> element("item", () -> body.accept(item))));
    }

    public Xml tags(Map<String, String> tags) {
        return list("tagSet", tags.entrySet(), tag -> text("key", tag.getKey()).text("value", tag.getValue()));
    }

    private Xml close(String name) {
        out.append("</").append(name).append('>');
        return this;
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#13;");
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c); // not allowed in XML 1.0
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
