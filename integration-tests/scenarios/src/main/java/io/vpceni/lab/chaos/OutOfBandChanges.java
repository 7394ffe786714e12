package io.vpceni.lab.chaos;

import io.vpceni.lab.churn.PodRecords;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.GroundTruth;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.UnassignPrivateIpAddressesRequest;

/// Changes ENIs with the account's credentials, out of band: detaches and deletes an ENI, or unassigns addresses or a
/// prefix. Long-lived pods are spared; other pods' addresses count as spoiled for a while. For one thread.
final class OutOfBandChanges implements AutoCloseable {
    /// How long ipamd may not know of a change: two reads of EC2, and a failed one.
    private static final Duration SPOILED = Duration.ofMinutes(5);

    private final Ec2Emulation emulation;
    private final List<SiteNode> nodes;
    private final PodRecords ledger;
    private final Set<InetAddress> spared;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final Ec2Client ec2;
    private final List<String> detached = new ArrayList<>();
    private final SortedMap<String, Long> done = new TreeMap<>();

    /// @param spared addresses of pods that stay
    OutOfBandChanges(
            Ec2Emulation emulation,
            World.ApiAccess account,
            List<SiteNode> nodes,
            PodRecords ledger,
            Set<InetAddress> spared,
            RandomGenerator random,
            LongSupplier nanoTime) {
        this.emulation = emulation;
        this.nodes = List.copyOf(nodes);
        this.ledger = ledger;
        this.spared = Set.copyOf(spared);
        this.random = random;
        this.nanoTime = nanoTime;
        this.ec2 = Ec2Client.builder()
                .endpointOverride(account.endpoint())
                .region(Region.of(account.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(account.keyId(), account.secret())))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /// Makes one change, if there is an object for it.
    void meddle() {
        List<GroundTruth.EniState> candidates = new ArrayList<>();
        for (SiteNode node : nodes) {
            emulation.groundTruth().enisOf(node.vpcNode().instanceId()).stream()
                    .filter(eni -> eni.attachment()
                            .filter(attachment -> attachment.deviceIndex() > 0
                                    && attachment.status().equals("attached"))
                            .isPresent())
                    .filter(eni -> Collections.disjoint(eni.addresses(), spared))
                    .forEach(candidates::add);
        }
        if (candidates.isEmpty()) {
            return;
        }
        GroundTruth.EniState eni = candidates.get(random.nextInt(candidates.size()));
        try {
            if (random.nextBoolean()) {
                detach(eni);
            } else {
                take(eni);
            }
        } catch (SdkException _) {
            count("refused by EC2: somebody was faster");
        }
    }

    private void detach(GroundTruth.EniState eni) {
        spoil(eni.addresses(), eni.prefixes());
        ec2.detachNetworkInterface(
                request -> request.attachmentId(eni.attachment().orElseThrow().attachmentId())
                        .force(true));
        detached.add(eni.id());
        count("ENI detached and deleted");
    }

    private void take(GroundTruth.EniState eni) {
        UnassignPrivateIpAddressesRequest.Builder request =
                UnassignPrivateIpAddressesRequest.builder().networkInterfaceId(eni.id());
        if (!eni.prefixes().isEmpty()) {
            String prefix = eni.prefixes().getLast();
            spoil(List.of(), List.of(prefix));
            ec2.unassignPrivateIpAddresses(request.ipv4Prefixes(prefix).build());
            count("prefix taken");
        } else if (eni.addresses().size() > 1) {
            InetAddress address = eni.addresses().getLast();
            spoil(List.of(address), List.of());
            ec2.unassignPrivateIpAddresses(
                    request.privateIpAddresses(address.getHostAddress()).build());
            count("address taken");
        }
    }

    private void spoil(List<InetAddress> addresses, List<String> prefixes) {
        long until = nanoTime.getAsLong() + SPOILED.toNanos();
        addresses.forEach(address -> ledger.spoil(address, until));
        for (String prefix : prefixes) {
            Prefixes.addresses(prefix).forEach(address -> ledger.spoil(address, until));
        }
    }

    /// Deletes the detached ENIs whose detachment is done.
    void tidyUp() {
        for (String eniId : List.copyOf(detached)) {
            boolean there = emulation.groundTruth().enis().stream()
                    .anyMatch(eni -> eni.id().equals(eniId));
            try {
                if (there) {
                    ec2.deleteNetworkInterface(request -> request.networkInterfaceId(eniId));
                }
                detached.remove(eniId);
            } catch (SdkException _) {
                // It is still detaching, or ipamd has just deleted it: the next time shows which.
            }
        }
    }

    /// Whether nothing is left to be deleted.
    boolean isTidy() {
        return detached.isEmpty();
    }

    private void count(String deed) {
        done.merge(deed, 1L, Long::sum);
    }

    SortedMap<String, Long> done() {
        return new TreeMap<>(done);
    }

    @Override
    public void close() {
        ec2.close();
    }
}
