package io.vpceni.lab.ec2.query;

import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Tags in a request: `Tag.N` with a key and a value, and `TagSpecification.N` for what the request creates.
public final class TagParameters {
    private static final int TAGS_MAX = 50; // of a resource
    private static final int KEY_LENGTH_MAX = 128;
    private static final int VALUE_LENGTH_MAX = 256;

    private TagParameters() {}

    /// `Tag.N.Key` and `Tag.N.Value`; a missing value is the empty one.
    public static SortedMap<String, String> read(Parameters parameters) {
        SortedMap<String, String> tags = new TreeMap<>();
        for (Parameters tag : parameters.structures("Tag")) {
            String key = tag.required("Key");
            String value = tag.text("Value", "");
            if (key.length() > KEY_LENGTH_MAX || key.startsWith("aws:")) {
                throw Ec2Refusal.invalidValue(
                        "Tag", key, "A key has at most 128 characters and does not start with aws:");
            }
            if (value.length() > VALUE_LENGTH_MAX) {
                throw Ec2Refusal.invalidValue("Tag", value, "A value has at most 256 characters");
            }
            if (tags.put(key, value) != null) {
                throw new Ec2Refusal("InvalidParameterValue", "Duplicate tag key '" + key + "' specified.");
            }
        }
        return tags;
    }

    /// The tags that the request gives to what it creates, by type of resource.
    ///
    /// @param types the types of resource that the action creates
    public static SortedMap<String, SortedMap<String, String>> readSpecifications(
            Parameters parameters, Set<String> types) {
        SortedMap<String, SortedMap<String, String>> byType = new TreeMap<>();
        types.forEach(type -> byType.put(type, new TreeMap<>()));
        for (Parameters specification : parameters.structures("TagSpecification")) {
            String type = specification.required("ResourceType");
            SortedMap<String, String> tags = byType.get(type);
            if (tags == null) {
                throw Ec2Refusal.invalidValue("ResourceType", type, "The action creates " + types);
            }
            tags.putAll(read(specification));
            refuseTooMany(tags);
        }
        return byType;
    }

    /// As [#readSpecifications], for an action that creates one type of resource.
    public static SortedMap<String, String> readSpecification(Parameters parameters, String type) {
        return Objects.requireNonNull(
                readSpecifications(parameters, Set.of(type)).get(type));
    }

    /// @throws Ec2Refusal `TagLimitExceeded`
    public static void refuseTooMany(SortedMap<String, String> tags) {
        if (tags.size() > TAGS_MAX) {
            throw new Ec2Refusal("TagLimitExceeded", "A resource has at most " + TAGS_MAX + " tags");
        }
    }
}
