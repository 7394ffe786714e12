package io.vpceni.lab.simulate.mutant;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.context.SimulationClock;
import io.vpceni.lab.simulate.port.CallView;
import io.vpceni.lab.simulate.port.EniMachineView;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Mutants of what the machine of ENIs sees and shows.
public final class EniViewMutants {
    private EniViewMutants() {}

    public static List<NamedMutant> all() {
        return List.of(
                new NamedMutant(
                        "a-follower-cleans-up",
                        Invariant.ONLY_OURS,
                        "the node deletes what vanished nodes left although another one is elected to",
                        FollowerCleansUp::new),
                new NamedMutant(
                        "sweep-too-young",
                        Invariant.ONLY_OURS,
                        "ENIs that other nodes are about to attach count as left over",
                        TooYoung::new),
                new NamedMutant(
                        "unmanaged-put-right",
                        Invariant.ONLY_OURS,
                        "the tag that says whose an ENI is is not looked at",
                        TagNotSeen::new),
                new NamedMutant(
                        "old-view-believed",
                        Invariant.OLD_VIEWS,
                        "a view counts as if it had been asked for when it came",
                        OldViewBelieved::new),
                new NamedMutant(
                        "absence-believed-at-once",
                        Invariant.OLD_VIEWS,
                        "an ENI that views do not show while it is new is lost",
                        NewOnesHidden::new),
                new NamedMutant(
                        "link-not-waited-for",
                        Invariant.ASSIGNED_IS_OWNED,
                        "pods get addresses of an ENI whose link is not there yet",
                        LinkNotAwaited::new));
    }

    private static EniMessage changed(EniMessage message, UnaryOperator<Ec2Eni> change) {
        return message instanceof EniMessage.Answered(long call, Ec2Answer.Enis(List<Ec2Eni> enis))
                ? new EniMessage.Answered(
                        call, new Ec2Answer.Enis(enis.stream().map(change).toList()))
                : message;
    }

    private static final class TooYoung extends Mutant {
        /// Another node is at it just when this one sweeps.
        @Override
        public void call(long number, Ec2Call<?> call, CallView port, Calls onwards) {
            if (call instanceof Ec2Call.LeftOverIn) {
                port.otherNodeCreatesEni();
            }
            onwards.call(number, call);
        }

        @Override
        public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
            onwards.accept(changed(message, eni -> {
                Map<String, String> tags = new TreeMap<>(eni.tags());
                tags.computeIfPresent(EniLabels.CREATED_AT, (_, _) -> SimulationClock.START.toString());
                return eni.withTags(tags);
            }));
        }
    }

    private static final class TagNotSeen extends Mutant {
        @Override
        public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
            onwards.accept(changed(message, eni -> {
                Map<String, String> tags = new TreeMap<>(eni.tags());
                tags.remove(EniLabels.NO_MANAGE);
                return eni.withTags(tags);
            }));
        }

        @Override
        public void tells(Message message, EniMachineView port, Consumer<Message> onwards) {
            if (message instanceof Message.EniFound(Eni eni, var blocks)
                    && port.eni(eni.id())
                            .filter(there -> there.role() == EniRole.UNMANAGED)
                            .isPresent()) {
                onwards.accept(new Message.EniFound(
                        new Eni(eni.id(), eni.slot(), eni.primary(), eni.slots(), EniRole.UNMANAGED), blocks));
            } else if (!(message instanceof Message.EniRoleIs)) {
                onwards.accept(message);
            }
        }
    }

    private static final class OldViewBelieved extends Mutant {
        @Override
        public void tells(Message message, EniMachineView port, Consumer<Message> onwards) {
            onwards.accept(
                    message instanceof Message.Ec2View view ? new Message.Ec2View(port.now(), view.blocks()) : message);
        }
    }

    private static final class NewOnesHidden extends Mutant {
        @Override
        public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
            onwards.accept(
                    message instanceof EniMessage.Answered(long call, Ec2Answer.Enis(List<Ec2Eni> enis))
                            ? new EniMessage.Answered(
                                    call,
                                    new Ec2Answer.Enis(enis.stream()
                                            .filter(eni -> !isYoung(eni, port))
                                            .toList()))
                            : message);
        }

        private static boolean isYoung(Ec2Eni eni, EniMachineView port) {
            return port.isLinkReady(eni.id())
                    && port.eni(eni.id())
                            .filter(there -> there.createdAt().plusSeconds(600).isAfter(port.now()))
                            .isPresent();
        }
    }

    private static final class LinkNotAwaited extends Mutant {
        @Override
        public void link(LinkPlan link, Consumer<EniMessage> hearNext, Consumer<LinkPlan> onwards) {
            hearNext.accept(new EniMessage.LinkReady(link.id()));
        }
    }

    private static final class FollowerCleansUp extends Mutant {
        @Override
        public Leadership leadership(Leadership leadership) {
            return () -> leadership.role() == Leadership.Role.FOLLOWER
                    ? Leadership.Role.LEADER
                    : Leadership.Role.NONE_ELECTED;
        }
    }
}
