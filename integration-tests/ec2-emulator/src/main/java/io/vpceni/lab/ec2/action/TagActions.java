package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Resource;
import io.vpceni.lab.ec2.model.ResourceKind;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.ResultPage;
import io.vpceni.lab.ec2.query.TagParameters;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// CreateTags, DeleteTags, DescribeTags.
final class TagActions {
    private static final int PAGE_MAX = 1000;

    private record Tag(Resource resource, String key, String value) {
        String position() {
            return resource.id() + " " + key;
        }
    }

    private final Ec2State state;
    private final FilterTable<Tag> filters = new FilterTable<Tag>(tag -> Map.of(tag.key, tag.value))
            .with("key", Tag::key)
            .with("value", Tag::value)
            .with("resource-id", tag -> tag.resource.id())
            .with("resource-type", tag -> tag.resource.kind().tagType());

    TagActions(Ec2State state) {
        this.state = state;
    }

    Map<String, Action> all() {
        return Map.of("CreateTags", this::create, "DeleteTags", this::delete, "DescribeTags", this::describe);
    }

    private Operation create(Parameters parameters) {
        List<String> ids = parameters.requiredList("ResourceId");
        SortedMap<String, String> tags = TagParameters.read(parameters);
        if (tags.isEmpty()) {
            throw Ec2Refusal.missing("Tag");
        }
        return xml -> {
            List<Resource> resources = ids.stream().map(this::resource).toList();
            for (Resource resource : resources) {
                SortedMap<String, String> all = new TreeMap<>(resource.tags());
                all.putAll(tags);
                TagParameters.refuseTooMany(all);
            }
            resources.forEach(resource -> resource.tags().putAll(tags));
            xml.text("return", true);
        };
    }

    /// Without tags all go; a tag with a value goes only if the value is the same.
    private Operation delete(Parameters parameters) {
        List<String> ids = parameters.requiredList("ResourceId");
        boolean everyTag = !parameters.given("Tag");
        List<Predicate<Map.Entry<String, String>>> doomed = parameters.structures("Tag").stream()
                .map(tag -> doomed(tag.required("Key"), tag.given("Value"), tag.text("Value", "")))
                .toList();
        return xml -> {
            List<Resource> resources = ids.stream().map(this::resource).toList();
            resources.forEach(resource -> resource.tags()
                    .entrySet()
                    .removeIf(tag -> everyTag || doomed.stream().anyMatch(test -> test.test(tag))));
            xml.text("return", true);
        };
    }

    private static Predicate<Map.Entry<String, String>> doomed(String key, boolean onlyIfSame, String value) {
        return tag -> tag.getKey().equals(key) && (!onlyIfSame || tag.getValue().equals(value));
    }

    private Operation describe(Parameters parameters) {
        Predicate<Tag> filter = filters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, false);
        return xml -> {
            List<Tag> tags = state.taggable()
                    .flatMap(resource -> resource.tags().entrySet().stream()
                            .map(tag -> new Tag(resource, tag.getKey(), tag.getValue())))
                    .filter(filter)
                    .sorted(Comparator.comparing(Tag::position))
                    .toList();
            page.write(
                    xml,
                    "tagSet",
                    tags,
                    Tag::position,
                    tag -> xml.text("resourceId", tag.resource.id())
                            .text("resourceType", tag.resource.kind().tagType())
                            .text("key", tag.key)
                            .text("value", tag.value));
        };
    }

    private Resource resource(String id) {
        ResourceKind kind = Arrays.stream(ResourceKind.values())
                .filter(candidate -> candidate.hasShapeOf(id))
                .findFirst()
                .orElseThrow(() -> new Ec2Refusal("InvalidID", "The ID '" + id + "' is not valid"));
        return state.taggable()
                .filter(resource -> resource.id().equals(id))
                .findFirst()
                .orElseThrow(() -> kind.notFound(id));
    }
}
