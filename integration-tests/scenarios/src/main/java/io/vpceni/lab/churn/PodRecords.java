package io.vpceni.lab.churn;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who has which address, by what the plugin answered. Thread-safe.
///
/// An address is a sandbox's from the answer to its ADD until its DEL begins: later than ipamd gave it and earlier than
/// ipamd takes it back, so what is found here is never only a matter of who was asked first.
public final class PodRecords {
    private static final int FINDINGS_MAX = 20;

    private final Duration cooldown;
    private final Map<InetAddress, String> holders = new HashMap<>();
    private final Map<InetAddress, Long> released = new HashMap<>();
    private final Map<InetAddress, Long> spoiled = new HashMap<>();
    private final List<String> findings = new ArrayList<>();
    private long given;

    /// @param cooldown that ipamd is told to keep
    public PodRecords(Duration cooldown) {
        this.cooldown = cooldown;
    }

    /// An ADD was answered with the address.
    public synchronized void given(InetAddress address, String sandbox, long nanos) {
        given++;
        if (isSpoiled(address, nanos)) {
            holders.put(address, sandbox);
            return;
        }
        String other = holders.putIfAbsent(address, sandbox);
        if (other != null) {
            find(address.getHostAddress() + " was given to " + sandbox + " though " + other + " has it");
        }
        Long since = released.remove(address);
        if (since != null && nanos - since < cooldown.toNanos()) {
            find(address.getHostAddress() + " was given to " + sandbox + " "
                    + Duration.ofNanos(nanos - since).toMillis() + " ms after the DEL of its last sandbox began");
        }
    }

    /// A DEL of the sandbox begins.
    public synchronized void deleting(InetAddress address, String sandbox, long nanos) {
        if (holders.remove(address, sandbox)) {
            released.put(address, nanos);
        }
    }

    /// Somebody took the address from its node by hand: until then, nothing that is seen of it is a finding.
    public synchronized void spoil(InetAddress address, long untilNanos) {
        spoiled.put(address, untilNanos);
        holders.remove(address);
        released.remove(address);
    }

    public synchronized boolean isSpoiled(InetAddress address, long nanos) {
        Long until = spoiled.get(address);
        return until != null && nanos - until < 0;
    }

    /// Something that must not happen.
    public synchronized void find(String finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }

    public synchronized long given() {
        return given;
    }

    public synchronized Map<InetAddress, String> holders() {
        return Map.copyOf(holders);
    }

    /// The first of them.
    public synchronized List<String> findings() {
        return List.copyOf(findings);
    }
}
