package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/// LocalStack's MACs look like `02:00:00:13402x:22102x:10402x`. They are taken out of the answer; a node learns its
/// MACs from the lab's metadata service, which has them from [LabMac].
final class MalformedMacs implements Mend {
    private static final Pattern SIX_OCTETS = Pattern.compile("([0-9a-f]{2}:){5}[0-9a-f]{2}");

    private static final Set<String> ACTIONS =
            Set.of("CreateNetworkInterface", "DescribeInstances", "DescribeNetworkInterfaces", "RunInstances");

    @Override
    public String reason() {
        return "MACs are malformed (moto-ext 5.1.24 formats octets as 13402x)";
    }

    @Override
    public ProxiedAnswer carry(ProxiedCall call, Ec2Wire next) throws IOException {
        ProxiedAnswer answer = next.send(call);
        if (!answer.succeeded() || !ACTIONS.contains(call.action())) {
            return answer;
        }
        Element root = LocalStackXml.parse(answer.body());
        for (Element mac : LocalStackXml.everywhere(root, "macAddress")) {
            if (!SIX_OCTETS.matcher(mac.getTextContent()).matches()) {
                mac.getParentNode().removeChild(mac);
            }
        }
        return new ProxiedAnswer(answer.status(), LocalStackXml.write(root));
    }
}
