package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.InstanceType;
import io.vpceni.lab.ec2.model.InstanceTypeCatalog;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.ec2.query.Action.Operation;
import io.vpceni.lab.ec2.query.FilterTable;
import io.vpceni.lab.ec2.query.Parameters;
import io.vpceni.lab.ec2.query.ResultPage;
import io.vpceni.lab.ec2.query.Xml;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// DescribeInstanceTypes.
final class InstanceTypeActions {
    private static final int PAGE_MAX = 100;

    private final InstanceTypeCatalog types;
    private final FilterTable<InstanceType> filters = new FilterTable<InstanceType>(type -> Map.of())
            .with("instance-type", InstanceType::name)
            .with("hypervisor", InstanceType::hypervisor)
            .with("bare-metal", type -> "false")
            .with("current-generation", type -> Boolean.toString(type.isNitro()))
            .with("processor-info.supported-architecture", InstanceType::architecture)
            .with("network-info.maximum-network-interfaces", type -> Integer.toString(type.enis()))
            .with("network-info.maximum-network-cards", type -> Integer.toString(type.networkCards()))
            .with("network-info.ipv4-addresses-per-interface", type -> Integer.toString(type.addressesPerEni()))
            .with("network-info.efa-supported", type -> Boolean.toString(type.takesEfa()))
            .with("network-info.ipv6-supported", type -> "true")
            .with("vcpu-info.default-vcpus", type -> Integer.toString(type.vcpus()))
            .with("memory-info.size-in-mib", type -> Integer.toString(type.memoryMib()));

    InstanceTypeActions(InstanceTypeCatalog types) {
        this.types = types;
    }

    Map<String, Action> all() {
        return Map.of("DescribeInstanceTypes", this::describe);
    }

    private Operation describe(Parameters parameters) {
        List<String> names = parameters.list("InstanceType");
        Predicate<InstanceType> filter = filters.read(parameters);
        ResultPage page = ResultPage.read(parameters, PAGE_MAX, !names.isEmpty());
        return xml -> {
            List<InstanceType> chosen = names.isEmpty()
                    ? List.copyOf(types.all())
                    : names.stream().distinct().map(types::get).sorted().toList();
            page.write(
                    xml,
                    "instanceTypeSet",
                    chosen.stream().filter(filter).toList(),
                    InstanceType::name,
                    type -> type(xml, type));
        };
    }

    private static void type(Xml xml, InstanceType type) {
        xml.text("instanceType", type.name())
                .text("currentGeneration", type.isNitro())
                .text("freeTierEligible", false)
                .text("bareMetal", false)
                .text("hypervisor", type.hypervisor())
                .element(
                        "processorInfo",
                        () -> xml.element("supportedArchitectures", () -> xml.text("item", type.architecture())))
                .element("vCpuInfo", () -> xml.text("defaultVCpus", type.vcpus()))
                .element("memoryInfo", () -> xml.text("sizeInMiB", type.memoryMib()))
                .element("networkInfo", () -> network(xml, type));
    }

    private static void network(Xml xml, InstanceType type) {
        xml.text("networkPerformance", type.networkPerformance())
                .text("maximumNetworkInterfaces", type.enis())
                .text("maximumNetworkCards", type.networkCards())
                .text("defaultNetworkCardIndex", 0)
                .list(
                        "networkCards",
                        IntStream.range(0, type.networkCards()).boxed().toList(),
                        card -> xml.text("networkCardIndex", card)
                                .text("networkPerformance", type.networkPerformance())
                                .text("maximumNetworkInterfaces", type.enisPerCard()))
                .text("ipv4AddressesPerInterface", type.addressesPerEni())
                .text("ipv6AddressesPerInterface", type.addressesPerEni())
                .text("ipv6Supported", true)
                .text("enaSupport", type.isNitro() ? "required" : "unsupported")
                .text("efaSupported", type.takesEfa())
                .text("encryptionInTransitSupported", false);
    }
}
