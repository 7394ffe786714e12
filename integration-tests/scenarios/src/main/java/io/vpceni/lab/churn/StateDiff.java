package io.vpceni.lab.churn;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.ec2.GroundTruth;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One node from three sides: ipamd's own words, the kernel's, and EC2's.
public final class StateDiff {
    private StateDiff() {}

    /// Addresses that ipamd says pods have.
    public static SortedSet<String> podsOfIpamd(SiteNode node) throws IOException {
        SortedSet<String> addresses = new TreeSet<>();
        for (JsonNode pod :
                IntrospectionClient.get(node.vpcNode().namespace(), "/v1/pods").path("pods")) {
            addresses.add(pod.path("address").asText());
        }
        return addresses;
    }

    /// Addresses of which ipamd says that it and EC2 disagree.
    public static SortedSet<String> disputed(SiteNode node) throws IOException {
        SortedSet<String> addresses = new TreeSet<>();
        for (JsonNode eni :
                IntrospectionClient.get(node.vpcNode().namespace(), "/v1/enis").path("enis")) {
            for (JsonNode address : eni.path("addresses")) {
                if (address.path("state").asText().equals("disputed")) {
                    addresses.add(address.path("address").asText());
                }
            }
        }
        return addresses;
    }

    /// Addresses that only one of ipamd and EC2 has, with its name.
    public static SortedSet<String> onlyOneHas(Site site, SiteNode node) throws IOException {
        SortedSet<String> known = new TreeSet<>();
        for (JsonNode eni :
                IntrospectionClient.get(node.vpcNode().namespace(), "/v1/enis").path("enis")) {
            eni.path("addresses")
                    .forEach(address -> known.add(address.path("address").asText()));
        }
        SortedSet<String> listed = new TreeSet<>();
        for (FabricEni eni : site.infrastructure().enisOf(node.vpcNode()).values()) {
            listed.addAll(texts(eni.addresses().subList(1, eni.addresses().size())));
        }
        SortedSet<String> only = new TreeSet<>();
        known.stream().filter(address -> !listed.contains(address)).forEach(address -> only.add("ipamd: " + address));
        listed.stream().filter(address -> !known.contains(address)).forEach(address -> only.add("EC2: " + address));
        return only;
    }

    /// Addresses to which the kernel has a rule into the main table: those of pods.
    public static SortedSet<String> podsOfRules(SiteNode node) throws IOException {
        return node.vpcNode()
                .namespace()
                .show("rule", "show")
                .lines()
                .filter(line -> line.startsWith("512:"))
                .map(line -> line.replaceAll(".* to ([0-9.]+) .*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Unattached ENIs in EC2.
    public static SortedSet<String> unattached(GroundTruth truth) {
        return truth.enis().stream()
                .filter(eni -> eni.attachment().isEmpty())
                .map(eni -> eni.id() + " '" + eni.description() + "'")
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// ENIs in EC2 that stay when their instance is terminated.
    public static SortedSet<String> immortal(GroundTruth truth) {
        return truth.enis().stream()
                .filter(eni -> eni.attachment()
                        .filter(attachment -> !attachment.deleteOnTermination())
                        .isPresent())
                .map(GroundTruth.EniState::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public static SortedSet<String> texts(Collection<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.toCollection(TreeSet::new));
    }
}
