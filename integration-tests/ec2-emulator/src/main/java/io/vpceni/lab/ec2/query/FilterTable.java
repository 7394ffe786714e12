package io.vpceni.lab.ec2.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The filters that a Describe action knows, by name, and how to look up what each compares.
///
/// A resource passes if each filter has one value that matches one of the resource's. `*` stands for any
/// characters, `?` for one, and `\` takes the meaning from either.
public final class FilterTable<T> {
    private static final int VALUES_MAX = 200; // of one filter, as EC2 allows

    private final SortedMap<String, Function<T, Stream<String>>> known = new TreeMap<>();
    private final Function<T, Map<String, String>> tags;

    /// @param tags of a resource, for `tag:<key>` and `tag-key`
    public FilterTable(Function<T, Map<String, String>> tags) {
        this.tags = tags;
        known.put("tag-key", resource -> tags.apply(resource).keySet().stream());
    }

    public FilterTable<T> with(String name, Function<T, String> value) {
        known.put(name, resource -> Stream.of(value.apply(resource)));
        return this;
    }

    public FilterTable<T> withMany(String name, Function<T, Stream<String>> values) {
        known.put(name, values);
        return this;
    }

    /// Reads `Filter.N.Name` and `Filter.N.Value.M`.
    ///
    /// @throws Ec2Refusal `InvalidParameterValue` for a filter that the action does not have
    public Predicate<T> read(Parameters parameters) {
        List<Predicate<T>> all = new ArrayList<>();
        for (Parameters filter : parameters.structures("Filter")) {
            String name = filter.required("Name");
            List<String> values = filter.requiredList("Value");
            if (values.size() > VALUES_MAX) {
                throw new Ec2Refusal(
                        "FilterLimitExceeded", "The filter '" + name + "' has more than " + VALUES_MAX + " values");
            }
            all.add(predicate(lookup(name), values));
        }
        return resource -> all.stream().allMatch(filter -> filter.test(resource));
    }

    private Function<T, Stream<String>> lookup(String name) {
        if (name.startsWith("tag:")) {
            String key = name.substring("tag:".length());
            return resource -> Stream.ofNullable(tags.apply(resource).get(key));
        }
        Function<T, Stream<String>> values = known.get(name);
        if (values == null) {
            throw new Ec2Refusal(
                    "InvalidParameterValue",
                    "The filter '" + name + "' is invalid: this EC2 emulation knows "
                            + String.join(", ", known.keySet()) + " and tag:...");
        }
        return values;
    }

    private Predicate<T> predicate(Function<T, Stream<String>> values, List<String> wanted) {
        List<Predicate<String>> patterns =
                wanted.stream().map(text -> wildcards(text).asMatchPredicate()).toList();
        return resource ->
                values.apply(resource).anyMatch(value -> patterns.stream().anyMatch(pattern -> pattern.test(value)));
    }

    private static Pattern wildcards(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '\\' -> {
                    i = Math.min(i + 1, text.length() - 1); // a lone one at the end stands for itself
                    regex.append(Pattern.quote(text.substring(i, i + 1)));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
