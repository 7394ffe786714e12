package io.vpceni.lab.ec2;

import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// Filters and tags as the SDK wants them.
public final class SdkTerms {
    private SdkTerms() {}

    public static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    public static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    /// One tag of an ENI that is being created.
    public static TagSpecification tags(String key, String value) {
        return TagSpecification.builder()
                .resourceType(ResourceType.NETWORK_INTERFACE)
                .tags(tag(key, value))
                .build();
    }
}
