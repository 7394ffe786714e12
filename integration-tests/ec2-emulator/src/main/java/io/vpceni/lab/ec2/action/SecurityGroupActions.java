package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.Networks;
import io.vpceni.lab.ec2.model.Resource;
import io.vpceni.lab.ec2.model.SecurityGroup;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.ResultPage;
import io.vpceni.lab.ec2.query.TagParameters;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;

/// CreateSecurityGroup, DescribeSecurityGroups.
final class SecurityGroupActions {
    private static final int PAGE_MAX = 1000;

    private final Ec2State state;
    private final Networks networks;
    private final FilterTable<SecurityGroup> filters;

    SecurityGroupActions(Ec2State state, Networks networks) {
        this.state = state;
        this.networks = networks;
        this.filters = new FilterTable<SecurityGroup>(Resource::tags)
                .with("group-id", SecurityGroup::id)
                .with("group-name", SecurityGroup::name)
                .with("description", SecurityGroup::description)
                .with("vpc-id", group -> group.vpc().id())
                .with("owner-id", group -> state.accountId());
    }

    Map<String, Action> all() {
        return Map.of("CreateSecurityGroup", this::create, "DescribeSecurityGroups", this::describe);
    }

    private Operation create(Parameters parameters) {
        String vpcId = parameters.required("VpcId");
        String name = parameters.required("GroupName");
        String description = parameters.required("GroupDescription");
        SortedMap<String, String> tags = TagParameters.readSpecification(parameters, "security-group");
        return xml -> {
            SecurityGroup group = networks.createGroup(state.vpcs().get(vpcId), name, description, tags);
            xml.text("return", true)
                    .text("groupId", group.id())
                    .text("securityGroupArn", state.arn(group))
                    .tags(group.tags());
        };
    }

    private Operation describe(Parameters parameters) {
        List<String> ids = parameters.list("GroupId");
        List<String> names = parameters.list("GroupName");
        Predicate<SecurityGroup> filter = filters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, !ids.isEmpty());
        return xml -> page.write(
                xml,
                "securityGroupInfo",
                state.securityGroups().select(ids).stream()
                        .filter(group -> names.isEmpty() || names.contains(group.name()))
                        .filter(filter)
                        .toList(),
                SecurityGroup::id,
                group -> xml.text("ownerId", state.accountId())
                        .text("groupId", group.id())
                        .text("groupName", group.name())
                        .text("groupDescription", group.description())
                        .text("vpcId", group.vpc().id())
                        .text("securityGroupArn", state.arn(group))
                        .list("ipPermissions", List.of(), none -> {})
                        .list("ipPermissionsEgress", List.of(), none -> {})
                        .tags(group.tags()));
    }
}
