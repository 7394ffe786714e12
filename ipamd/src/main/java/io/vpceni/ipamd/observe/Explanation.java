package io.vpceni.ipamd.observe;

import io.vpceni.pool.AddressState;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.PoolSnapshot.AddressView;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Why an address is in its state, since when and what would change that; why the node holds as many as it does. For
/// people: `ipamctl explain`.
final class Explanation {
    private Explanation() {}

    /// @param of an address, or `pool`
    /// @return some lines, each ended
    static String of(PoolSnapshot pool, String of) {
        List<String> lines = of.equals("pool") ? pool(pool) : address(pool, of);
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static List<String> address(PoolSnapshot pool, String text) {
        InetAddress wanted;
        try {
            wanted = InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return List.of("'" + text + "' is neither an address nor 'pool'.");
        }
        return pool.addresses().stream()
                .filter(view -> view.address().equals(wanted))
                .findFirst()
                .map(view -> known(pool, view))
                .orElseGet(
                        () -> List.of("The pool does not know " + wanted.getHostAddress() + ": EC2 lists it on no ENI"
                                + " of this node that takes pods, and no sandbox of this node has it. An address of an IPv6"
                                + " prefix that nobody has is not listed one by one."));
    }

    private static List<String> known(PoolSnapshot pool, AddressView view) {
        List<String> lines = new ArrayList<>();
        String block = view.block()
                .map(cidr -> cidr.prefixBits() == 8 * view.address().getAddress().length ? "" : ", in prefix " + cidr)
                .orElse(", which EC2 does not list there");
        lines.add(view.address().getHostAddress() + " is " + name(view.state()) + " since "
                + since(view.since(), pool.at()) + ". ENI: " + view.eni() + block + ".");
        view.holder().ifPresent(holder -> lines.add("Who has it: " + who(holder) + "."));
        lines.add("Why: " + why(pool, view));
        lines.add("What would change it: " + change(view));
        return lines;
    }

    private static String why(PoolSnapshot pool, AddressView view) {
        return switch (view.state()) {
            case FREE ->
                "no sandbox has it, and the node keeps it: " + pool.wish().because() + ".";
            case ASSIGNED -> "an ADD of that sandbox got it, and no DEL came since.";
            case COOLING ->
                "a sandbox gave it back a moment ago; packets for that one may still be on their way, and peers may"
                        + " still know it by this address.";
            case QUARANTINED ->
                "its block is idle and not needed: " + pool.wish().because()
                        + ". It waits, in case an ADD needs it after all.";
            case LEAVING -> "EC2 has been asked to take its block back: it was idle, and EC2 and the kernel agreed.";
            case DISPUTED ->
                view.holder().isPresent()
                        ? "a sandbox has it, and EC2's list or the kernel's does not say so. It stays with the sandbox."
                        : "EC2's list and the kernel's contradict what the pool knows. Nobody gets it.";
        };
    }

    private static String change(AddressView view) {
        return switch (view.state()) {
            case FREE -> "the next ADD may get it; when the policy wants fewer addresses, its block is quarantined.";
            case ASSIGNED ->
                "the DEL of that sandbox: then it cools. When the DEL is lost: it cools once the kernel has lacked the"
                        + " sandbox in two looks a minute apart.";
            case COOLING ->
                "time: it is free at "
                        + view.coolingUntil().map(Explanation::text).orElse("the end of its cooldown") + ".";
            case QUARANTINED ->
                "an ADD that finds nothing else takes it back; otherwise EC2 and the kernel are asked, and when they"
                        + " agree that nobody has it, it goes back to EC2.";
            case LEAVING ->
                "EC2's answer: then it is gone. When EC2 refuses or does not answer, it is looked at again.";
            case DISPUTED ->
                "each minute EC2 and the kernel are looked at: when they agree again it is as before; when two looks"
                        + " agree that it is nobody's, it goes.";
        };
    }

    private static List<String> pool(PoolSnapshot pool) {
        List<String> lines = new ArrayList<>();
        Map<AddressState, Long> counts = new EnumMap<>(AddressState.class);
        pool.addresses().forEach(view -> counts.merge(view.state(), 1L, Long::sum));
        String states = counts.entrySet().stream()
                .map(count -> count.getValue() + " " + name(count.getKey()))
                .collect(Collectors.joining(", "));
        lines.add("This node holds " + pool.addresses().size() + " addresses on "
                + pool.enis().size() + " ENIs" + (states.isEmpty() ? "." : ": " + states + "."));
        PoolSnapshot.Wish wish = pool.wish();
        lines.add("Policy " + wish.policy() + ": " + wish.because() + ".");
        lines.add(wished(wish));
        if (pool.pending() > 0 || pool.pendingEnis() > 0) {
            lines.add("On their way: " + pool.pending() + " addresses, " + pool.pendingEnis() + " ENIs.");
        }
        if (pool.waiting() > 0) {
            lines.add(pool.waiting() + " ADDs wait for an address.");
        }
        pool.lastObstacle()
                .ifPresent(obstacle -> lines.add("It could not grow at " + text(obstacle.at()) + ", "
                        + obstacle.obstacle() + ": " + obstacle.detail() + ". It tries again at "
                        + text(obstacle.retryAt()) + "."));
        for (PoolSnapshot.EniCounts eni : pool.enis()) {
            lines.add(eni(eni));
        }
        return lines;
    }

    private static String wished(PoolSnapshot.Wish wish) {
        if (wish.more() > 0) {
            return "It wants " + wish.more() + " more, as far as the limits and EC2 let it.";
        }
        if (wish.fewer() > 0) {
            return "It could do with " + wish.fewer() + " fewer: idle blocks or ENIs that fit in go back to EC2 after"
                    + " their quarantine.";
        }
        return "It wants neither more nor fewer.";
    }

    private static String eni(PoolSnapshot.EniCounts counts) {
        return counts.eni().id() + " (card " + counts.eni().networkCard() + ", device "
                + counts.eni().deviceIndex() + (counts.eni().primary() ? ", primary" : "") + ", "
                + counts.eni().role().name().toLowerCase(Locale.ROOT) + "): " + counts.total() + " addresses in "
                + counts.blocks() + " of " + counts.eni().slots() + " slots; " + counts.assigned() + " assigned, "
                + counts.cooling() + " cooling, " + counts.free() + " free, " + counts.away()
                + " on their way out or disputed.";
    }

    private static String who(Assignment holder) {
        return "pod " + holder.pod().namespace() + "/" + holder.pod().name() + ", container "
                + holder.key().containerId() + ", interface " + holder.key().interfaceName();
    }

    private static String since(Instant since, Instant now) {
        Duration age = Duration.between(since, now).truncatedTo(ChronoUnit.SECONDS);
        return text(since) + " ("
                + (age.isNegative() ? Duration.ZERO : age)
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT) + ")";
    }

    private static String text(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String name(AddressState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
