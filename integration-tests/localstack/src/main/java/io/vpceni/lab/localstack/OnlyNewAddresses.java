package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.w3c.dom.Element;

/// LocalStack answers an AssignPrivateIpAddresses with all addresses of the ENI, the primary one too; EC2 with those
/// that the call added.
final class OnlyNewAddresses implements Mend {
    @Override
    public String reason() {
        return "AssignPrivateIpAddresses answers all addresses of the ENI instead of the new ones";
    }

    @Override
    public ProxiedAnswer carry(ProxiedCall call, Ec2Wire next) throws IOException {
        if (!call.action().equals("AssignPrivateIpAddresses")) {
            return next.send(call);
        }
        String eniId = call.parameters().getOrDefault("NetworkInterfaceId", "");
        ProxiedAnswer described =
                next.send(call.another("DescribeNetworkInterfaces", Map.of("NetworkInterfaceId.1", eniId)));
        ProxiedAnswer answer = next.send(call);
        if (!described.succeeded() || !answer.succeeded()) {
            return answer;
        }
        Set<String> before = Set.copyOf(EniAddresses.list(LocalStackXml.parse(described.body()))
                .getFirst()
                .all());
        Element root = LocalStackXml.parse(answer.body());
        for (Element item : LocalStackXml.items(root, "assignedPrivateIpAddressesSet")) {
            if (before.contains(LocalStackXml.text(item, "privateIpAddress"))) {
                item.getParentNode().removeChild(item);
            }
        }
        return new ProxiedAnswer(answer.status(), LocalStackXml.write(root));
    }
}
