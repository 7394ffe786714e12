package io.vpceni.lab.contract;

import io.vpceni.lab.ec2.SdkTerms;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;

/// Describe calls, tags and the metadata service.
final class ReadingDeviations {
    private static final String NOT_IMPLEMENTED = "501 InternalFailure";

    private ReadingDeviations() {}

    static List<Deviation> rows() {
        return List.of(
                Deviation.of(
                        "DescribeNetworkInterfaces with the filter attachment.device-index",
                        "found",
                        NOT_IMPLEMENTED,
                        bench -> {
                            String eniId = bench.attachedEni(bench.running("t3.small"));
                            return found(bench, eniId, "attachment.device-index", "1");
                        }),
                Deviation.of(
                        "DescribeNetworkInterfaces with the filter attachment.attachment-id",
                        "found",
                        NOT_IMPLEMENTED,
                        bench -> {
                            String eniId = bench.world().createEni();
                            String attachmentId = bench.attached(eniId, bench.running("t3.small"), 1);
                            return found(bench, eniId, "attachment.attachment-id", attachmentId);
                        }),
                Deviation.of(
                        "DescribeNetworkInterfaces with the filter attachment.status",
                        "found",
                        NOT_IMPLEMENTED,
                        bench -> {
                            String eniId = bench.attachedEni(bench.running("t3.small"));
                            return found(bench, eniId, "attachment.status", "attached");
                        }),
                Deviation.of(
                        "DescribeNetworkInterfaces with a filter that there is not",
                        "InvalidParameterValue",
                        NOT_IMPLEMENTED,
                        bench -> found(bench, bench.world().createEni(), "no-such-filter", "x")),
                Deviation.of(
                        "DescribeNetworkInterfaces of a malformed id",
                        "InvalidNetworkInterfaceID.Malformed",
                        "InvalidNetworkInterfaceID.NotFound",
                        bench -> Bench.refusal(() -> bench.world().eni("eni-nonsense"))),
                Deviation.of(
                        "DescribeNetworkInterfaces with MaxResults 5 where there are 6",
                        "5 and a NextToken",
                        "6",
                        ReadingDeviations::pageOfEnis),
                Deviation.of(
                        "DescribeSubnets with MaxResults 5 where there are 6",
                        "5 and a NextToken",
                        "6",
                        ReadingDeviations::pageOfSubnets),
                Deviation.of(
                        "DescribeInstanceTypes with MaxResults 5",
                        "5 and a NextToken",
                        "all",
                        ReadingDeviations::pageOfTypes),
                Deviation.of(
                        "CreateTags on an ENI that there is not",
                        "InvalidNetworkInterfaceID.NotFound",
                        "accepted",
                        bench -> Bench.refusal(() -> bench.ec2()
                                .createTags(request -> request.resources("eni-0123456789abcdef0")
                                        .tags(SdkTerms.tag("a", "1"))))),
                Deviation.of(
                        "PUT latest/api/token to the metadata service: the status",
                        "200",
                        "501",
                        bench -> Integer.toString(bench.tokenStatus(bench.running("t3.small")))));
    }

    private static String found(Bench bench, String eniId, String filter, String value) {
        Filter[] filters = {SdkTerms.filter("vpc-id", bench.world().vpcId()), SdkTerms.filter(filter, value)};
        StringBuilder found = new StringBuilder();
        String answer = Bench.refusal(() -> bench.ec2()
                .describeNetworkInterfaces(request -> request.filters(filters))
                .networkInterfaces()
                .forEach(eni -> found.append(eni.networkInterfaceId()).append(' ')));
        return found.indexOf(eniId) >= 0 ? "found" : answer;
    }

    private static String pageOfEnis(Bench bench) {
        for (int i = 0; i < 6; i++) {
            String _ = bench.world().createEni();
        }
        DescribeNetworkInterfacesResponse answer = bench.ec2()
                .describeNetworkInterfaces(request -> request.maxResults(5)
                        .filters(SdkTerms.filter("vpc-id", bench.world().vpcId())));
        return answer.networkInterfaces().size() + (answer.nextToken() == null ? "" : " and a NextToken");
    }

    private static String pageOfSubnets(Bench bench) {
        for (int i = 1; i < 6; i++) {
            String _ = bench.world().addSubnet("10.20." + (200 + i) + ".0/24", "us-east-1a");
        }
        DescribeSubnetsResponse answer = bench.ec2()
                .describeSubnets(request -> request.maxResults(5)
                        .filters(SdkTerms.filter("vpc-id", bench.world().vpcId())));
        return answer.subnets().size() + (answer.nextToken() == null ? "" : " and a NextToken");
    }

    private static String pageOfTypes(Bench bench) {
        DescribeInstanceTypesResponse answer = bench.ec2().describeInstanceTypes(request -> request.maxResults(5));
        return answer.nextToken() == null ? "all" : answer.instanceTypes().size() + " and a NextToken";
    }
}
