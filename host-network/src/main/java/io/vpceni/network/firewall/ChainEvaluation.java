package io.vpceni.network.firewall;

import io.vpceni.netlink.FilterExpression;
import io.vpceni.netlink.FilterExpression.Fate;
import io.vpceni.netlink.ForwardChain;
import io.vpceni.netlink.NetlinkFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Evaluates a packet in a chain as the kernel would, except for conditions that are not read. If a rule with such
/// a condition accepts, it is uncertain whether the packet is dropped in the end. If such a rule drops, it is a
/// normal firewall rule and is ignored.
final class ChainEvaluation {

    /// The kernel's limit for nested jumps (`NFT_JUMP_STACK_SIZE`).
    private static final int DEPTH_MAX = 16;

    /// For all chains together. Rules beyond it may accept.
    private static final int RULES_MAX = 20_000;

    private final ForwardChain chain;
    private final SamplePacket packet;
    private boolean acceptedPerhaps;
    private int rules;

    /// Whether a rule or condition matches the packet.
    private enum Match {
        NO,
        PERHAPS,
        YES
    }

    /// How the evaluation of a chain ends.
    private enum End {
        ACCEPTED,
        DROPPED,
        /// Evaluation continues in the chain that jumped here.
        RETURNED
    }

    /// @param byPolicy whether the policy drops the packet
    record Outcome(ForwardDrop.Fate fate, boolean byPolicy) {}

    private ChainEvaluation(ForwardChain chain, SamplePacket packet) {
        this.chain = chain;
        this.packet = packet;
    }

    static Outcome of(ForwardChain chain, SamplePacket packet) throws NetlinkFailure {
        return new ChainEvaluation(chain, packet).run();
    }

    private Outcome run() throws NetlinkFailure {
        End end = walk(chain.rules(), 0);
        boolean byPolicy = end == End.RETURNED && chain.dropsByPolicy();
        if (end != End.DROPPED && !byPolicy) {
            return new Outcome(ForwardDrop.Fate.PASSES, false);
        }
        return new Outcome(acceptedPerhaps ? ForwardDrop.Fate.MAY_BE_DROPPED : ForwardDrop.Fate.DROPPED, byPolicy);
    }

    private End walk(List<List<FilterExpression>> all, int depth) throws NetlinkFailure {
        for (List<FilterExpression> rule : all) {
            if (++rules > RULES_MAX) {
                acceptedPerhaps = true;
                return End.RETURNED;
            }
            Optional<End> end = rule(rule, depth);
            if (end.isPresent()) {
                return end.get();
            }
        }
        return End.RETURNED;
    }

    /// @return empty: continue with the next rule
    private Optional<End> rule(List<FilterExpression> rule, int depth) throws NetlinkFailure {
        Map<Integer, String> registers = new HashMap<>();
        boolean matches = true;
        for (FilterExpression step : rule) {
            if (step instanceof FilterExpression.Verdict verdict) {
                End end = end(verdict, depth);
                return matches ? Optional.of(end).filter(there -> isEndHere(verdict, there)) : perhaps(end);
            }
            switch (condition(step, registers)) {
                case NO -> {
                    return Optional.empty();
                }
                case PERHAPS -> matches = false;
                case YES -> {}
            }
        }
        return Optional.empty();
    }

    private static boolean isEndHere(FilterExpression.Verdict verdict, End end) {
        return end != End.RETURNED || verdict.fate() == Fate.RETURN || verdict.fate() == Fate.GOTO;
    }

    /// A rule that matches only some packets does not end the evaluation of the sample packet.
    private Optional<End> perhaps(End end) {
        acceptedPerhaps |= end == End.ACCEPTED;
        return Optional.empty();
    }

    private Match condition(FilterExpression step, Map<Integer, String> registers) {
        switch (step) {
            case FilterExpression.Load(int register, var field) -> {
                registers.remove(register);
                packet.field(field).ifPresent(value -> registers.put(register, value));
            }
            case FilterExpression.Mask(int from, int to, int mask, int xor) -> {
                String value = registers.remove(from);
                registers.remove(to);
                if (value != null && value.length() == Integer.BYTES) {
                    registers.put(to, SamplePacket.bytes((SamplePacket.number(value) & mask) ^ xor));
                }
            }
            case FilterExpression.Compare(int register, boolean equal, String bytes) -> {
                String value = registers.get(register);
                if (value == null || value.length() < bytes.length()) {
                    return Match.PERHAPS;
                }
                return value.startsWith(bytes) == equal ? Match.YES : Match.NO;
            }
            case FilterExpression.Unread() -> {
                registers.clear();
                return Match.PERHAPS;
            }
            case FilterExpression.Verdict _ -> {}
        }
        return Match.YES;
    }

    private End end(FilterExpression.Verdict verdict, int depth) throws NetlinkFailure {
        return switch (verdict.fate()) {
            case ACCEPT -> End.ACCEPTED;
            case DROP -> End.DROPPED;
            case RETURN -> End.RETURNED;
            case JUMP, GOTO -> elsewhere(verdict.chain(), depth);
            case UNKNOWN -> {
                acceptedPerhaps = true;
                yield End.RETURNED;
            }
        };
    }

    private End elsewhere(String to, int depth) throws NetlinkFailure {
        if (depth >= DEPTH_MAX) {
            acceptedPerhaps = true;
            return End.RETURNED;
        }
        return walk(chain.rules(to), depth + 1);
    }
}
