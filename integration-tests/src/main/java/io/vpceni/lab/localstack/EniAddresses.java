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
        return Xml.items(describeNetworkInterfaces, "networkInterfaceSet").stream()
                .map(EniAddresses::of)
                .toList();
    }

    static EniAddresses of(Element eni) {
        return new EniAddresses(
                Xml.text(eni, "networkInterfaceId"),
                Xml.text(eni, "subnetId"),
                Xml.text(eni, "privateIpAddress"),
                Xml.items(eni, "privateIpAddressesSet").stream()
                        .filter(item -> !Xml.text(item, "primary").equals("true"))
                        .map(item -> Xml.text(item, "privateIpAddress"))
                        .toList());
    }
}
