package io.vpceni.lab.localstack;

import java.util.List;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// The addresses of an ENI as LocalStack describes them, repeated ones too.
record EniAddresses(String eniId, String subnetId, String primary, List<String> secondaries) {
    EniAddresses {
        secondaries = List.copyOf(secondaries);
    }

    /// The primary address first. An address may be in it twice.
    List<String> all() {
        return Stream.concat(Stream.of(primary), secondaries.stream()).toList();
    }

    /// The ENIs of a DescribeNetworkInterfaces answer, in its order.
    static List<EniAddresses> list(Element describeNetworkInterfaces) {
        return LocalStackXml.items(describeNetworkInterfaces, "networkInterfaceSet").stream()
                .map(EniAddresses::of)
                .toList();
    }

    static EniAddresses of(Element eni) {
        return new EniAddresses(
                LocalStackXml.text(eni, "networkInterfaceId"),
                LocalStackXml.text(eni, "subnetId"),
                LocalStackXml.text(eni, "privateIpAddress"),
                LocalStackXml.items(eni, "privateIpAddressesSet").stream()
                        .filter(item -> !LocalStackXml.text(item, "primary").equals("true"))
                        .map(item -> LocalStackXml.text(item, "privateIpAddress"))
                        .toList());
    }
}
