package io.vpceni.lab.chaos;

import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads the state of a node's kernel with `ip`.
final class KernelState {
    private static final Pattern POD_ROUTE =
            Pattern.compile("^([0-9.]+) dev (eni\\S+) .*scope link.*$", Pattern.MULTILINE);
    private static final Pattern TABLE = Pattern.compile(" table ([0-9]+)\\b");
    private static final Pattern VETH = Pattern.compile("^[0-9]+: eni[^:]*:", Pattern.MULTILINE);

    private KernelState() {}

    /// Addresses with a host route into a pod.
    static SortedSet<String> routedPods(SiteNode node) throws IOException {
        String routes = node.vpcNode().namespace().show("-4", "route", "show", "table", "main");
        return POD_ROUTE
                .matcher(routes)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// How many host-side ends of pods' links there are.
    static int veths(SiteNode node) throws IOException {
        Matcher links = VETH.matcher(node.vpcNode().namespace().show("-o", "link", "show"));
        return (int) links.results().count();
    }

    /// Numbers of the route tables that have a route, but for those that every kernel has.
    static SortedSet<String> tables(SiteNode node) throws IOException {
        String routes = node.vpcNode().namespace().show("-4", "route", "show", "table", "all");
        return TABLE.matcher(routes)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
