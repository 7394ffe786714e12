package io.vpceni.eni.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.EniSettings;
import io.vpceni.config.MacAddress;
import io.vpceni.config.Provisioning;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.VpcId;
import io.vpceni.eni.site.SubnetState.Eligibility;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EniPlacementsTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static final String ROLE = "kubernetes.io/role/cni";

    private static final String SHOP = "cni.networking.k8s.aws/cluster/shop";

    private static final String BANK = "cni.networking.k8s.aws/cluster/bank";

    private static final Cidr BLOCK = Cidr.parse("10.0.0.0/24");

    private static final NodeIdentity NODE = new NodeIdentity(
            new InstanceId("i-1"),
            "m5.large",
            new VpcId("vpc-1"),
            "eu-west-1",
            new SubnetId("subnet-own"),
            "eu-west-1a",
            List.of("sg-1"),
            List.of(Cidr.parse("10.0.0.0/16")),
            MacAddress.parse("02:00:00:00:00:01"),
            InetAddress.ofLiteral("10.0.0.10"));

    private final Map<String, ZoneNetwork> zones = new HashMap<>();

    @Test
    void withoutDiscoveryNewEnisAreInThePrimarySubnetAndNobodyIsAsked() {
        EniPlacements sites = sites(EniSettings.defaults().withoutDiscovery());

        assertThat(sites.wantsLook(NOON)).isFalse();
        assertThat(sites.wantsRegularLook(NOON)).isFalse();
        assertThat(sites.next(BlockKind.ADDRESS, NOON))
                .contains(new EniPlacement(new SubnetId("subnet-own"), List.of("sg-1"), null));
    }

    @Test
    void theTaggedSubnetWithMostFreeAddressesComesFirst() {
        EniPlacements sites = sites(EniSettings.defaults());

        sites.saw(List.of(subnet("subnet-own", 5), subnet("subnet-b", 9, ROLE, "1"), subnet("subnet-c", 90)), NOON);

        assertThat(sites.next(BlockKind.ADDRESS, NOON))
                .contains(new EniPlacement(new SubnetId("subnet-b"), List.of("sg-1"), BLOCK));
        assertThat(sites.states(NOON))
                .extracting(SubnetState::subnetId, SubnetState::eligibility)
                .containsExactly(
                        tuple(new SubnetId("subnet-b"), Eligibility.USED),
                        tuple(new SubnetId("subnet-own"), Eligibility.USED),
                        tuple(new SubnetId("subnet-c"), Eligibility.NOT_TAGGED));
    }

    @Test
    void withAsMuchRoomThePrimarySubnetComesFirst() {
        EniPlacements sites = sites(EniSettings.defaults());

        sites.saw(List.of(subnet("subnet-a", 9, ROLE, "1"), subnet("subnet-own", 9)), NOON);

        assertThat(next(sites, BlockKind.ADDRESS, NOON)).contains("subnet-own");
    }

    @Test
    void beforeTheFirstLookThePrimarySubnetWillDo() {
        EniPlacements sites = sites(EniSettings.defaults());
        sites.unseen(NOON);

        assertThat(next(sites, BlockKind.ADDRESS, NOON)).contains("subnet-own");
    }

    @Test
    void aSubnetForOtherClustersIsExcludedWhenOursHasAName() {
        List<Ec2Subnet> subnets = List.of(
                subnet("subnet-own", 1),
                subnet("subnet-bank", 9, ROLE, "1", BANK, ""),
                subnet("subnet-both", 8, ROLE, "yes", BANK, "", SHOP, "no matter what"));
        EniPlacements shop = sites(EniSettings.of(new ClusterName("shop")));
        EniPlacements nameless = sites(EniSettings.defaults());
        shop.saw(subnets, NOON);
        nameless.saw(subnets, NOON);

        assertThat(next(shop, BlockKind.ADDRESS, NOON)).contains("subnet-both");
        assertThat(next(nameless, BlockKind.ADDRESS, NOON)).contains("subnet-bank");
        assertThat(shop.isExcluded(eni(new SubnetId("subnet-bank"), 1))).isTrue();
        assertThat(nameless.isExcluded(eni(new SubnetId("subnet-bank"), 1))).isFalse();
    }

    @Test
    void anUntaggedPrimarySubnetIsUsedWhateverClustersItNames() {
        EniPlacements sites = sites(EniSettings.of(new ClusterName("shop")));

        sites.saw(List.of(subnet("subnet-own", 1, BANK, "")), NOON);

        assertThat(next(sites, BlockKind.ADDRESS, NOON)).contains("subnet-own");
    }

    @Test
    void aPrimarySubnetThatIsExcludedAtRunTimeGivesNoMoreAndItsEnisGetNoNewPods() {
        EniPlacements sites = sites(EniSettings.defaults());
        sites.saw(List.of(subnet("subnet-own", 9)), NOON);
        Ec2Eni primary = eni(new SubnetId("subnet-own"), 0);
        assertThat(sites.roleOf(primary)).isEqualTo(EniRole.PODS);

        sites.saw(List.of(subnet("subnet-own", 9, ROLE, "0")), NOON);

        assertThat(sites.next(BlockKind.ADDRESS, NOON)).isEmpty();
        assertThat(sites.backoffUntil(BlockKind.ADDRESS, NOON)).isEmpty();
        assertThat(sites.roleOf(primary)).isEqualTo(EniRole.EXCLUDED);
        assertThat(sites.states(NOON)).extracting(SubnetState::eligibility).containsExactly(Eligibility.EXCLUDED);
    }

    @Test
    void aSubnetThatIsNotInTheListExcludesNothing() {
        EniPlacements sites = sites(EniSettings.of(new ClusterName("shop")));

        sites.saw(List.of(subnet("subnet-own", 9)), NOON);

        assertThat(sites.roleOf(eni(new SubnetId("subnet-of-another-account"), 2)))
                .isEqualTo(EniRole.PODS);
    }

    @Test
    void tagsOfSubnetsAreNoBusinessOfANodeWithoutDiscovery() {
        EniPlacements sites = sites(EniSettings.defaults().withoutDiscovery());

        sites.saw(List.of(subnet("subnet-own", 9, ROLE, "0")), NOON);

        assertThat(next(sites, BlockKind.ADDRESS, NOON)).contains("subnet-own");
        assertThat(sites.isExcluded(eni(new SubnetId("subnet-own"), 0))).isFalse();
    }

    @Test
    void onExhaustionTheNextSubnetIsTakenAndTheListIsInDoubt() {
        EniPlacements sites = sites(EniSettings.defaults());
        sites.saw(List.of(subnet("subnet-own", 9), subnet("subnet-b", 5, ROLE, "1")), NOON);
        Instant soon = NOON.plus(SubnetRefresh.DOUBTED);
        assertThat(sites.wantsLook(soon)).isFalse();

        sites.exhausted(new SubnetId("subnet-own"), false, NOON);

        assertThat(next(sites, BlockKind.ADDRESS, NOON)).contains("subnet-b");
        assertThat(sites.wantsLook(NOON)).isFalse();
        assertThat(sites.wantsLook(soon)).isTrue();
    }

    @Test
    void aSubnetWithoutAWholePrefixStillGivesAddresses() {
        EniPlacements sites = sites(EniSettings.defaults());
        sites.saw(List.of(subnet("subnet-own", 9), subnet("subnet-b", 5, ROLE, "1")), NOON);

        sites.exhausted(new SubnetId("subnet-own"), true, NOON);

        assertThat(next(sites, BlockKind.PREFIX, NOON)).contains("subnet-b");
        assertThat(next(sites, BlockKind.ADDRESS, NOON)).contains("subnet-own");

        sites.exhausted(new SubnetId("subnet-b"), true, NOON);

        assertThat(sites.next(BlockKind.PREFIX, NOON)).isEmpty();
        assertThat(sites.backoffUntil(BlockKind.PREFIX, NOON)).contains(NOON.plus(SubnetBackoff.DELAYS.base()));
        assertThat(sites.backoffUntil(BlockKind.ADDRESS, NOON)).isEmpty();
    }

    @Test
    void aSubnetRestsLongerEachTimeUpToABound() {
        EniPlacements sites = sites(EniSettings.defaults().withoutDiscovery());
        Instant now = NOON;
        for (int seconds : new int[] {15, 30, 60, 120, 240, 300, 300}) {
            sites.exhausted(new SubnetId("subnet-own"), false, now);
            sites.exhausted(new SubnetId("subnet-own"), false, now.plusSeconds(1));

            assertThat(sites.backoffUntil(BlockKind.ADDRESS, now)).contains(now.plusSeconds(seconds));
            now = now.plusSeconds(seconds);
            assertThat(next(sites, BlockKind.ADDRESS, now)).contains("subnet-own");
        }
    }

    @Test
    void roomOrALongCalmEndsTheRowOfRests() {
        EniPlacements sites = sites(EniSettings.defaults().withoutDiscovery());
        sites.exhausted(new SubnetId("subnet-own"), false, NOON);
        Instant later = NOON.plus(SubnetBackoff.DELAYS.base());
        sites.hadRoom(new SubnetId("subnet-own"), BlockKind.ADDRESS);
        sites.exhausted(new SubnetId("subnet-own"), false, later);
        assertThat(sites.backoffUntil(BlockKind.ADDRESS, later)).contains(later.plus(SubnetBackoff.DELAYS.base()));

        Instant muchLater = later.plus(SubnetBackoff.DELAYS.base())
                .plus(SubnetBackoff.DELAYS.cap())
                .plusSeconds(1);
        sites.exhausted(new SubnetId("subnet-own"), false, muchLater);

        assertThat(sites.backoffUntil(BlockKind.ADDRESS, muchLater))
                .contains(muchLater.plus(SubnetBackoff.DELAYS.base()));
    }

    @Test
    void singleAddressesDoNotEndARestOfPrefixes() {
        EniPlacements sites = sites(EniSettings.defaults().withoutDiscovery());
        sites.exhausted(new SubnetId("subnet-own"), true, NOON);

        sites.hadRoom(new SubnetId("subnet-own"), BlockKind.ADDRESS);
        assertThat(sites.next(BlockKind.PREFIX, NOON)).isEmpty();

        sites.hadRoom(new SubnetId("subnet-own"), BlockKind.PREFIX);
        assertThat(sites.next(BlockKind.PREFIX, NOON)).isPresent();
    }

    @Test
    void theListIsLookedAtWhenItIsOldAndNotAtOnceAfterAFailure() {
        EniPlacements sites = sites(EniSettings.defaults());
        assertThat(sites.wantsLook(NOON)).isTrue();
        assertThat(sites.wantsRegularLook(NOON)).isTrue();

        sites.unseen(NOON);
        assertThat(sites.wantsLook(NOON.plusSeconds(59))).isFalse();
        Instant minute = NOON.plusSeconds(60);
        assertThat(sites.wantsLook(minute)).isTrue();
        sites.unseen(minute);
        assertThat(sites.wantsLook(minute.plusSeconds(119))).isFalse();

        Instant seen = minute.plusSeconds(120);
        sites.saw(List.of(subnet("subnet-own", 9)), seen);
        assertThat(sites.wantsLook(seen.plus(Duration.ofSeconds(299)))).isFalse();
        assertThat(sites.wantsLook(seen.plus(SubnetRefresh.FRESH))).isTrue();
        assertThat(sites.wantsRegularLook(seen.plus(SubnetRefresh.FRESH))).isFalse();
        assertThat(sites.wantsRegularLook(seen.plus(SubnetRefresh.REGULAR))).isTrue();
    }

    @Test
    void customNetworkingTakesTheZonesEntryAndNothingElse() {
        EniPlacements sites = sites(custom());
        sites.saw(List.of(subnet("subnet-pods", 9, ROLE, "0")), NOON);
        assertThat(sites.next(BlockKind.ADDRESS, NOON)).isEmpty();

        zones.put("eu-west-1a", new ZoneNetwork(new SubnetId("subnet-pods"), List.of("sg-pods")));
        assertThat(sites.next(BlockKind.ADDRESS, NOON))
                .contains(new EniPlacement(new SubnetId("subnet-pods"), List.of("sg-pods"), BLOCK));

        zones.put("eu-west-1a", new ZoneNetwork(new SubnetId("subnet-other"), List.of()));
        assertThat(sites.next(BlockKind.ADDRESS, NOON))
                .contains(new EniPlacement(new SubnetId("subnet-other"), List.of("sg-1"), null));
        assertThat(sites.wantsLook(NOON)).isFalse();
    }

    @Test
    void customNetworkingsPrimaryEniCarriesNoPods() {
        EniPlacements sites = sites(custom());

        assertThat(sites.roleOf(eni(new SubnetId("subnet-own"), 0))).isEqualTo(EniRole.EXCLUDED);
        assertThat(sites.roleOf(eni(new SubnetId("subnet-pods"), 1))).isEqualTo(EniRole.PODS);
    }

    @Test
    void customGroupsGoToEnisOfTheCustomSubnetOnly() {
        EniPlacements sites = sites(custom());
        zones.put("eu-west-1a", new ZoneNetwork(new SubnetId("subnet-pods"), List.of("sg-pods")));

        assertThat(sites.groupsFor(eni(new SubnetId("subnet-pods"), 1))).containsExactly("sg-pods");
        assertThat(sites.groupsFor(eni(new SubnetId("subnet-before"), 2))).containsExactly("sg-old");
        assertThat(sites.groupsFor(eni(new SubnetId("subnet-own"), 0))).containsExactly("sg-old");
    }

    @Test
    void secondaryEnisFollowThePrimaryOnesGroups() {
        EniPlacements sites = sites(EniSettings.defaults());
        assertThat(sites.groupsFor(eni(new SubnetId("subnet-own"), 1))).containsExactly("sg-1");

        sites.primaryGroups(List.of("sg-2", "sg-3"));
        sites.primaryGroups(List.of());

        assertThat(sites.groupsFor(eni(new SubnetId("subnet-own"), 1))).containsExactly("sg-2", "sg-3");
        assertThat(sites.next(BlockKind.ADDRESS, NOON).orElseThrow().groups()).containsExactly("sg-2", "sg-3");
        assertThat(sites.groupsFor(eni(new SubnetId("subnet-own"), 0))).containsExactly("sg-old");
        assertThat(sites.groupsFor(tagged(1, "node.k8s.amazonaws.com/no_manage", "true")))
                .containsExactly("sg-old");
    }

    @Test
    void whereNothingIsChangedGroupsStayAsTheyAre() {
        EniPlacements sites = sites(settings(Map.of(), true, Provisioning.OFF));

        assertThat(sites.groupsFor(eni(new SubnetId("subnet-own"), 1))).containsExactly("sg-old");
    }

    @Test
    void tagsSayWhoseAnEniIs() {
        EniPlacements loose = sites(EniSettings.defaults());
        EniPlacements strict = sites(settings(Map.of(), false, Provisioning.ON));

        String noManage = "node.k8s.amazonaws.com/no_manage";
        String instance = "node.k8s.amazonaws.com/instance_id";
        assertThat(loose.manages(tagged(1, noManage, "true"))).isFalse();
        assertThat(loose.manages(tagged(0, noManage, "true"))).isTrue();
        assertThat(loose.manages(eni(new SubnetId("subnet-own"), 1))).isTrue();
        assertThat(strict.manages(eni(new SubnetId("subnet-own"), 1))).isFalse();
        assertThat(strict.manages(eni(new SubnetId("subnet-own"), 0))).isTrue();
        assertThat(strict.manages(tagged(1, instance, "i-1"))).isTrue();
        assertThat(strict.manages(tagged(1, instance, "i-another"))).isFalse();
        assertThat(strict.manages(tagged(1, noManage, "false"))).isTrue();
        assertThat(strict.roleOf(eni(new SubnetId("subnet-own"), 1))).isEqualTo(EniRole.UNMANAGED);
    }

    @Test
    void byImdsAllEnisAreManagedForItShowsNoTags() {
        EniPlacements sites = sites(settings(Map.of(), false, Provisioning.IMDS_ONLY));

        assertThat(sites.manages(eni(new SubnetId("subnet-own"), 1))).isTrue();
        assertThat(sites.wantsLook(NOON)).isFalse();
        assertThat(sites.wantsRegularLook(NOON)).isFalse();
    }

    @Test
    void aNewEniCarriesAllTagsAndTheAdditionalOnesWin() {
        EniPlacements sites = sites(settings(Map.of("team", "net", "eks:eni:owner", "us"), true, Provisioning.ON));

        assertThat(sites.tagsForNew(NOON.plusMillis(5)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "node.k8s.amazonaws.com/instance_id", "i-1",
                        "node.k8s.amazonaws.com/createdAt", "2026-11-21T12:00:00Z",
                        "cluster.k8s.amazonaws.com/name", "shop",
                        "eks:eni:owner", "us",
                        "team", "net"));
        assertThat(sites.description()).isEqualTo("aws-K8S-i-1");
    }

    @Test
    void anAttachedEniGetsTheTagsThatItLacks() {
        EniPlacements sites = sites(settings(Map.of("team", "net"), true, Provisioning.ON));

        Ec2Eni found = tagged(1, "node.k8s.amazonaws.com/instance_id", "i-1", "team", "old");

        assertThat(sites.missingTags(found))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "cluster.k8s.amazonaws.com/name", "shop", "eks:eni:owner", "amazon-vpc-cni", "team", "net"));
        assertThat(sites.missingTags(eni(new SubnetId("subnet-own"), 0))).containsOnlyKeys("team");
        assertThat(sites.missingTags(tagged(2, "node.k8s.amazonaws.com/no_manage", "true")))
                .isEmpty();
        assertThat(sites(settings(Map.of("team", "net"), true, Provisioning.OFF))
                        .missingTags(found))
                .isEmpty();
        assertThat(sites(EniSettings.defaults()).missingTags(eni(new SubnetId("subnet-own"), 0)))
                .isEmpty();
    }

    private EniPlacements sites(EniSettings settings) {
        return new EniPlacements(settings, NODE, zone -> Optional.ofNullable(zones.get(zone)));
    }

    private static EniSettings custom() {
        return new EniSettings(
                Optional.empty(),
                new LinkedHashMap<>(),
                true,
                true,
                Path.of("/zones.json"),
                true,
                true,
                Provisioning.ON,
                1);
    }

    private static EniSettings settings(Map<String, String> more, boolean managesUntagged, Provisioning provisioning) {
        SequencedMap<String, String> tags = new LinkedHashMap<>(more);
        return new EniSettings(
                Optional.of(new ClusterName("shop")),
                tags,
                true,
                false,
                Path.of("/"),
                managesUntagged,
                true,
                provisioning,
                1);
    }

    private static Optional<String> next(EniPlacements sites, BlockKind kind, Instant now) {
        return sites.next(kind, now).map(placement -> placement.subnetId().value());
    }

    private static Ec2Subnet subnet(String id, int free, String... tags) {
        return new Ec2Subnet(new SubnetId(id), "eu-west-1a", BLOCK, free, pairs(tags));
    }

    private static Ec2Eni eni(SubnetId subnetId, int device) {
        return eni(subnetId, device, Map.of());
    }

    private static Ec2Eni tagged(int device, String... tags) {
        return eni(new SubnetId("subnet-own"), device, pairs(tags));
    }

    private static Ec2Eni eni(SubnetId subnetId, int device, Map<String, String> tags) {
        @Nullable MacAddress mac = MacAddress.parse("02:00:00:00:00:0" + device);
        return new Ec2Eni(
                new EniId("eni-" + device),
                subnetId,
                mac,
                InetAddress.ofLiteral("10.0.0.9"),
                List.of(),
                "interface",
                tags,
                "",
                List.of("sg-old"),
                new EniAttachment(
                        new AttachmentId("eni-attach-" + device),
                        new InstanceId("i-1"),
                        new DeviceSlot(0, device),
                        EniAttachment.State.ATTACHED,
                        true));
    }

    private static Map<String, String> pairs(String... tags) {
        Map<String, String> map = new HashMap<>();
        for (int index = 0; index < tags.length; index += 2) {
            map.put(tags[index], tags[index + 1]);
        }
        return map;
    }
}
