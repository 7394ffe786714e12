package io.vpceni.lab.simulate.kernel;

import io.vpceni.config.AttachmentKey;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.journal.KernelPod;
import io.vpceni.pool.journal.KernelPodState;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The node's kernel: host links of sandboxes with their aliases, host routes, and rules to and from addresses.
/// Each can be there without the others.
public final class SimKernel {
    private final InstantSource time;

    /// Links of sandboxes, with what their aliases say when they are made.
    private final Map<AttachmentKey, Assignment> wired = new LinkedHashMap<>();

    /// Links that have lost their alias.
    private final Set<AttachmentKey> nameless = new HashSet<>();

    /// Sandboxes that this life of ipamd has wired or found: it knows their links by index.
    private final Set<AttachmentKey> kept = new HashSet<>();

    /// Host routes over the links of sandboxes: whose link.
    private final Map<InetAddress, AttachmentKey> routes = new LinkedHashMap<>();

    /// Host routes over links of somebody else's.
    private final Set<InetAddress> foreignRoutes = new HashSet<>();

    /// What rules 512 name.
    private final Set<InetAddress> rulesTo = new HashSet<>();

    /// What rules 1536 name.
    private final Set<InetAddress> rulesFrom = new HashSet<>();

    /// Since when a route or a rule has named each.
    private final Map<InetAddress, Instant> namedSince = new HashMap<>();

    public SimKernel(InstantSource time) {
        this.time = time;
    }

    // ---- what ipamd does

    /// @param secondary whether the address is on a secondary ENI: then rule 1536 leads its packets there
    public void wire(Assignment assignment, boolean secondary) {
        InetAddress address = assignment.address();
        wired.put(assignment.key(), assignment);
        nameless.remove(assignment.key());
        kept.add(assignment.key());
        foreignRoutes.remove(address); // it is replaced
        routes.put(address, assignment.key());
        rulesTo.add(address);
        rulesFrom.remove(address);
        if (secondary) {
            rulesFrom.add(address);
        }
        named(address);
    }

    /// Takes away what belongs to the key; nothing happens when there is none.
    ///
    /// @param told what ipamd believes that it has
    public Optional<Assignment> unwire(AttachmentKey key, Optional<Assignment> told) {
        Optional<Assignment> was = Optional.ofNullable(wired.remove(key));
        nameless.remove(key);
        kept.remove(key);
        was.or(() -> told).map(Assignment::address).ifPresent(address -> {
            routes.remove(address, key);
            boolean anothers = wired.values().stream().anyMatch(a -> a.address().equals(address));
            if (!anothers && !foreignRoutes.contains(address)) {
                rulesTo.remove(address);
                rulesFrom.remove(address);
            }
            named(address);
        });
        return was;
    }

    /// Deletes the rules that name an address.
    public void sweep(InetAddress address) {
        rulesTo.remove(address);
        rulesFrom.remove(address);
        named(address);
    }

    /// A life of ipamd ends, and what it alone knew.
    public void forget() {
        kept.clear();
    }

    /// What a start finds: links with an alias, and those whose name a record predicts. One that has its route
    /// is told by that, as a pod of another CNI plugin.
    public KernelPodState lookAtStart(List<Assignment> records) {
        wired.values().stream()
                .filter(link -> !nameless.contains(link.key()) || isToldByName(link, records))
                .forEach(link -> kept.add(link.key()));
        return look();
    }

    private boolean isToldByName(Assignment link, List<Assignment> records) {
        return !link.key().equals(routes.get(link.address()))
                && records.stream()
                        .anyMatch(record -> record.key().equals(link.key())
                                && record.address().equals(link.address()));
    }

    // ---- what happens to it

    /// The link goes, by hand or with its namespace, and takes its routes with it.
    public Optional<Assignment> deleteLink(AttachmentKey key) {
        Optional<Assignment> was = Optional.ofNullable(wired.remove(key));
        nameless.remove(key);
        kept.remove(key);
        was.map(Assignment::address).ifPresent(address -> {
            routes.remove(address, key);
            named(address);
        });
        return was;
    }

    /// The link's host route goes: deleted, or with a link that was down for a moment. Not the one that alone tells
    /// whose the link is.
    public void loseRoute(AttachmentKey key) {
        Assignment has = wired.get(key);
        if (has != null && (!nameless.contains(key) || kept.contains(key))) {
            routes.remove(has.address(), key);
            named(has.address());
        }
    }

    /// Somebody writes over the alias of a link.
    public void loseAlias(AttachmentKey key) {
        if (wired.containsKey(key)) {
            nameless.add(key);
        }
    }

    /// `ip rule flush`.
    public void loseRules() {
        List<InetAddress> addresses = new ArrayList<>(rulesTo);
        addresses.addAll(rulesFrom);
        rulesTo.clear();
        rulesFrom.clear();
        addresses.forEach(this::named);
    }

    /// A pod of another CNI plugin, or what is left of one.
    public void addForeignRoute(InetAddress address) {
        if (!routes.containsKey(address)) {
            foreignRoutes.add(address);
            named(address);
        }
    }

    /// A rule that nothing else belongs to.
    ///
    /// @param to 512 to the address, or 1536 from it
    public void addRule(InetAddress address, boolean to) {
        (to ? rulesTo : rulesFrom).add(address);
        named(address);
    }

    public void foreignRoutesGo() {
        List<InetAddress> gone = List.copyOf(foreignRoutes);
        foreignRoutes.clear();
        gone.forEach(this::named);
    }

    private void named(InetAddress address) {
        boolean is = routes.containsKey(address)
                || foreignRoutes.contains(address)
                || rulesTo.contains(address)
                || rulesFrom.contains(address);
        if (is) {
            namedSince.putIfAbsent(address, time.instant());
        } else {
            namedSince.remove(address);
        }
    }

    // ---- what is seen of it

    /// What dumps of links, routes and rules show, and what is known of the links besides.
    public KernelPodState look() {
        List<KernelPod> pods = new ArrayList<>();
        wired.values().stream()
                .filter(link -> !nameless.contains(link.key()) || kept.contains(link.key()))
                .forEach(link -> pods.add(new KernelPod(link.key(), link.pod(), link.address())));
        Set<InetAddress> routed = new HashSet<>(routes.keySet());
        routed.addAll(foreignRoutes);
        Set<InetAddress> ruled = new HashSet<>(rulesTo);
        ruled.addAll(rulesFrom);
        return new KernelPodState(pods, routed, ruled);
    }

    /// Those that host routes lead to over links that nothing tells to be ours.
    public Set<InetAddress> foreign() {
        Set<InetAddress> foreign = new HashSet<>(foreignRoutes);
        routes.forEach((address, key) -> {
            if (nameless.contains(key) && !kept.contains(key)) {
                foreign.add(address);
            }
        });
        return foreign;
    }

    // ---- the truth

    /// Whether the link has lost its alias.
    public boolean isNameless(AttachmentKey key) {
        return nameless.contains(key);
    }

    public Optional<Assignment> wiringOf(AttachmentKey key) {
        return Optional.ofNullable(wired.get(key));
    }

    public Map<AttachmentKey, Assignment> wired() {
        return wired;
    }

    /// What living sandboxes have.
    public Set<InetAddress> inUse() {
        Set<InetAddress> inUse = new HashSet<>();
        wired.values().forEach(link -> inUse.add(link.address()));
        return inUse;
    }

    /// Since when a host route or a rule has named the address; empty when none does.
    public Optional<Instant> namedSince(InetAddress address) {
        return Optional.ofNullable(namedSince.get(address));
    }

    /// All that is named.
    public Map<InetAddress, Instant> named() {
        return namedSince;
    }
}
