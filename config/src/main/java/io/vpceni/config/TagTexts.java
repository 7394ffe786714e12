package io.vpceni.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Tags as a JSON object of strings, within EC2's bounds for tags.
final class TagTexts {

    /// EC2 allows 50 on one thing; four are ours, the rest is left to others who tag this node's ENIs.
    static final int TAGS_MAX = 40;

    private static final int KEY_CHARS_MAX = 128;

    private static final int VALUE_CHARS_MAX = 256;

    /// Keys with that in them say whose an ENI is: ours, the AWS VPC CNI's and its controllers'.
    private static final String RESERVED = "k8s.amazonaws.com";

    private static final JsonFactory JSON = new JsonFactory();

    private TagTexts() {}

    /// Empty when it is not one JSON object of strings, repeats a key, or EC2 would not take a tag.
    static Optional<SequencedMap<String, String>> tags(String text) {
        SequencedMap<String, String> tags = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (@Nullable String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                @Nullable String value = parser.nextTextValue();
                if (value == null || !isAllowed(key, value) || tags.put(key, value) != null) {
                    return Optional.empty();
                }
            }
            boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return Optional.of(tags).filter(_ -> whole && tags.size() <= TAGS_MAX);
        } catch (IOException notJson) {
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
}
