package io.vpceni.ipamd.observe;

import io.vpceni.pool.Assignment;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.PoolSnapshot.AddressView;
import java.util.ArrayList;
import java.util.List;

/// Why an address is in its state, since when and what would change that.
final class AddressExplanation {
    private AddressExplanation() {}

    static List<String> of(PoolSnapshot pool, Ec2Status ec2, AddressView view) {
        List<String> lines = new ArrayList<>();
        String block = view.block()
                .map(cidr -> cidr.prefixBits() == 8 * view.address().getAddress().length ? "" : ", in prefix " + cidr)
                .orElse(", which EC2 does not list there");
        lines.add(view.address().getHostAddress() + " is " + ExplanationText.name(view.state()) + " since "
                + since(pool, view) + ". ENI: " + view.eni() + block + ".");
        view.holder().ifPresent(holder -> lines.add("Who has it: " + holder(holder) + "."));
        lines.add("Why: " + why(pool, ec2, view));
        lines.add("What would change it: " + change(pool, ec2, view));
        return lines;
    }

    /// For a sandbox's address: since its ADD, also when an earlier ipamd served it.
    private static String since(PoolSnapshot pool, AddressView view) {
        return switch (view.state()) {
            case ASSIGNED ->
                view.heldSince()
                        .map(since -> ExplanationText.since(since, pool.at()))
                        .orElseGet(() -> "before ipamd started at " + ExplanationText.text(view.since())
                                + ": no record tells when");
            case FREE, COOLING, QUARANTINED, LEAVING, DISPUTED -> ExplanationText.since(view.since(), pool.at());
        };
    }

    private static String why(PoolSnapshot pool, Ec2Status ec2, AddressView view) {
        if (hasNoNetwork(pool, ec2, view)) {
            return "EC2 has detached " + view.eni() + " from this node, so the pod has no network. ipamd cannot get the"
                    + " address back.";
        }
        return switch (view.state()) {
            case FREE ->
                "no sandbox has it, and the node keeps it: " + pool.target().reason() + ".";
            case ASSIGNED -> "an ADD of that sandbox got it, and no DEL came since.";
            case COOLING ->
                "a sandbox gave it back a moment ago; packets for that one may still be on their way, and peers may"
                        + " still know it by this address.";
            case QUARANTINED ->
                "its block is idle and not needed: " + pool.target().reason()
                        + ". It waits, in case an ADD needs it after all.";
            case LEAVING -> "EC2 has been asked to take its block back: it was idle, and EC2 and the kernel agreed.";
            case DISPUTED ->
                view.holder().isPresent()
                        ? "a sandbox has it, and EC2's list or the kernel's does not say so. It stays with the sandbox."
                        : "EC2's list and the kernel's contradict what the pool knows. Nobody gets it.";
        };
    }

    /// Whether a pod has the address and its ENI is detached; after a restart the pool does not know such an ENI.
    private static boolean hasNoNetwork(PoolSnapshot pool, Ec2Status ec2, AddressView view) {
        boolean unknown =
                pool.enis().stream().noneMatch(counts -> counts.eni().id().equals(view.eni()))
                        && ec2.enis().stream().noneMatch(status -> status.eni().isOf(view.eni()));
        return view.holder().isPresent() && (unknown || pool.isOnDetachedEni(view));
    }

    private static String change(PoolSnapshot pool, Ec2Status ec2, AddressView view) {
        if (hasNoNetwork(pool, ec2, view)) {
            return "delete the pod: its controller creates a new one, which gets an address of another ENI.";
        }
        return switch (view.state()) {
            case FREE -> "the next ADD may get it; when the policy wants fewer addresses, its block is quarantined.";
            case ASSIGNED ->
                "the DEL of that sandbox: then it cools. When the DEL is lost: it cools once the kernel has lacked the"
                        + " sandbox in two looks a minute apart.";
            case COOLING ->
                "time: it is free at "
                        + view.coolingUntil().map(ExplanationText::text).orElse("the end of its cooldown") + ".";
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

    static String holder(Assignment holder) {
        return "pod " + holder.pod().namespace() + "/" + holder.pod().name() + ", container "
                + holder.key().containerId() + ", interface " + holder.key().interfaceName();
    }
}
