package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// Creating, changing and finding ENIs.
class InterfaceRulesTest {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    private final TestWorld world = emulated.world("10.20.0.0/24");

    @Test
    void theSameRequestWithTheSameClientTokenCreatesOneEni() {
        NetworkInterface first =
                world.createEni(request -> request.clientToken("t-1").description("one"));
        NetworkInterface again =
                world.createEni(request -> request.clientToken("t-1").description("one"));

        assertThat(again.networkInterfaceId()).isEqualTo(first.networkInterfaceId());
        assertThat(world.ec2().describeNetworkInterfaces().networkInterfaces()).hasSize(1);
    }

    @Test
    void aClientTokenWithOtherParametersIsRefused() {
        world.createEni(request -> request.clientToken("t-1").description("one"));

        assertThat(refusal(() ->
                        world.createEni(request -> request.clientToken("t-1").description("two"))))
                .isEqualTo("IdempotentParameterMismatch");
    }

    @Test
    void aClientTokenOfADeletedEniCreatesNoNewOne() {
        String eniId = world.createEni(request -> request.clientToken("t-1")).networkInterfaceId();
        world.ec2().deleteNetworkInterface(request -> request.networkInterfaceId(eniId));

        assertThat(refusal(() -> world.createEni(request -> request.clientToken("t-1"))))
                .isEqualTo("InvalidNetworkInterfaceID.NotFound");
    }

    @Test
    void macAddressesAreSixOctetsLocallyAdministeredAndDistinct() {
        List<String> macs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            macs.add(world.eni(world.createEni()).macAddress());
        }

        assertThat(macs).doesNotHaveDuplicates().allMatch(mac -> mac.matches("02(:[0-9a-f]{2}){5}"));
    }

    @Test
    void withoutGroupsAnEniHasTheDefaultGroupOfItsVpc() {
        NetworkInterface eni = world.ec2()
                .createNetworkInterface(request -> request.subnetId(world.subnetId()))
                .networkInterface();

        assertThat(eni.groups()).extracting(group -> group.groupName()).containsExactly("default");
    }

    @Test
    void groupsMustExistAndBelongToTheVpc() {
        TestWorld otherVpc = emulated.world("10.20.0.0/24");

        assertThat(refusal(() -> world.createEni(request -> request.groups("sg-0123456789abcdef0"))))
                .isEqualTo("InvalidGroup.NotFound");
        assertThat(refusal(() -> world.createEni(request -> request.groups(otherVpc.groupId()))))
                .isEqualTo("InvalidParameter");
    }

    @Test
    void oneAttributeIsModifiedInARequest() {
        String eniId = world.createEni();

        assertThat(refusal(() -> world.ec2()
                        .modifyNetworkInterfaceAttribute(request -> request.networkInterfaceId(eniId)
                                .description(text -> text.value("x"))
                                .sourceDestCheck(check -> check.value(false)))))
                .isEqualTo("InvalidParameterCombination");
        world.ec2()
                .modifyNetworkInterfaceAttribute(
                        request -> request.networkInterfaceId(eniId).sourceDestCheck(check -> check.value(false)));

        assertThat(world.eni(eniId).sourceDestCheck()).isFalse();
    }

    @Test
    void anAttributeCanBeReadAlone() {
        String eniId = world.createEni(request -> request.description("mine")).networkInterfaceId();

        assertThat(world.ec2()
                        .describeNetworkInterfaceAttribute(
                                request -> request.networkInterfaceId(eniId).attribute("description"))
                        .description()
                        .value())
                .isEqualTo("mine");
    }

    @Test
    void tagsOfWhatIsNotThereAreRefused() {
        assertThat(refusal(() -> world.ec2()
                        .createTags(request ->
                                request.resources("eni-0123456789abcdef0").tags(SdkTerms.tag("a", "1")))))
                .isEqualTo("InvalidNetworkInterfaceID.NotFound");
    }

    @Test
    void tagsAreDescribedByResource() {
        String eniId = world.createEni(request -> request.tagSpecifications(SdkTerms.tags("owner", "team-a")))
                .networkInterfaceId();

        assertThat(world.ec2()
                        .describeTags(request -> request.filters(SdkTerms.filter("resource-id", eniId)))
                        .tags())
                .extracting(tag -> tag.resourceTypeAsString() + " " + tag.key() + "=" + tag.value())
                .containsExactly("network-interface owner=team-a");
    }

    @Test
    void pagesShowEveryEniOnce() {
        for (int i = 0; i < 12; i++) {
            world.createEni();
        }

        List<Integer> sizes = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        world.ec2().describeNetworkInterfacesPaginator(request -> request.maxResults(5)).stream()
                .forEach(page -> {
                    sizes.add(page.networkInterfaces().size());
                    page.networkInterfaces().forEach(eni -> seen.add(eni.networkInterfaceId()));
                });

        assertThat(sizes).containsExactly(5, 5, 2);
        assertThat(seen).hasSize(12).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void pagesHaveFiveToAThousandEntriesAndExcludeIds() {
        String eniId = world.createEni();

        assertThat(refusal(() -> world.ec2().describeNetworkInterfaces(request -> request.maxResults(4))))
                .isEqualTo("InvalidParameterValue");
        assertThat(refusal(() -> world.ec2().describeNetworkInterfaces(request -> request.maxResults(1001))))
                .isEqualTo("InvalidParameterValue");
        assertThat(refusal(() -> world.ec2()
                        .describeNetworkInterfaces(
                                request -> request.maxResults(5).networkInterfaceIds(eniId))))
                .isEqualTo("InvalidParameterCombination");
        assertThat(refusal(() -> world.ec2()
                        .describeNetworkInterfaces(
                                request -> request.maxResults(5).nextToken("nonsense"))))
                .isEqualTo("InvalidNextToken");
    }

    @Test
    void attachmentFiltersFindAttachedEnis() {
        String instanceId = world.launch("t3.small").instanceId();
        String eniId = world.createEni();
        String attachmentId = world.attach(eniId, instanceId, 2);

        assertThat(found("attachment.device-index", "2")).containsExactly(eniId);
        assertThat(found("attachment.attachment-id", attachmentId)).containsExactly(eniId);
        assertThat(found("attachment.status", "attached")).hasSize(2).contains(eniId);
        assertThat(found("attachment.delete-on-termination", "false")).containsExactly(eniId);
    }

    @Test
    void addressFiltersFindEnis() {
        NetworkInterface eni = world.createEni(request -> request.secondaryPrivateIpAddressCount(1));
        String secondary = eni.privateIpAddresses().getLast().privateIpAddress();
        world.createEni();

        assertThat(found("private-ip-address", eni.privateIpAddress())).containsExactly(eni.networkInterfaceId());
        assertThat(found("private-ip-address", secondary)).isEmpty();
        assertThat(found("addresses.private-ip-address", secondary)).containsExactly(eni.networkInterfaceId());
        assertThat(found("mac-address", eni.macAddress())).containsExactly(eni.networkInterfaceId());
    }

    @Test
    void wildcardsMatchAndTheirEscapesDoNot() {
        String eniId = world.createEni(request -> request.description("a*b")).networkInterfaceId();
        String other = world.createEni(request -> request.description("axb")).networkInterfaceId();

        assertThat(found("description", "a?b")).containsExactlyInAnyOrder(eniId, other);
        assertThat(found("description", "a\\*b")).containsExactly(eniId);
        assertThat(found("description", "A*")).isEmpty();
    }

    private List<String> found(String filter, String value) {
        return world
                .ec2()
                .describeNetworkInterfaces(request -> request.filters(SdkTerms.filter(filter, value)))
                .networkInterfaces()
                .stream()
                .map(NetworkInterface::networkInterfaceId)
                .toList();
    }
}
