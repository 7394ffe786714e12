package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.journal.JournalState;
import io.vpceni.pool.journal.KernelPod;
import io.vpceni.pool.journal.Settled;
import io.vpceni.pool.journal.Settlement;
import io.vpceni.pool.journal.Witnesses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a start finds: ENIs as EC2 tells them, then what the production settlement makes of journal, kernel and EC2.
final class Recovery {
    private Recovery() {}

    static List<Message> messages(World world) {
        JournalState journal = world.disk().read(world.now());
        Map<EniId, Set<Cidr>> view = world.cloud().view();
        world.views().forget();
        world.checker().startView(world.now(), view);
        List<Message> messages = new ArrayList<>();
        for (Map.Entry<EniId, Set<Cidr>> listed : view.entrySet()) {
            Optional<SimEc2.SimEni> eni = world.ec2().eni(listed.getKey());
            eni.ifPresent(here -> world.views().knows(here.id()));
            eni.ifPresent(here ->
                    messages.add(new Message.EniReady(0, world.ec2().asPoolEni(here), List.copyOf(listed.getValue()))));
        }
        List<KernelPod> pods = new ArrayList<>();
        for (Assignment wired : world.kernel().wired().values()) {
            pods.add(new KernelPod(wired.key(), wired.pod(), List.of(wired.address())));
        }
        EniId primary = world.ec2().enis().iterator().next().id();
        Settled settled = Settlement.of(
                new Witnesses(journal, pods, view, primary, Set.of(), List.of()),
                world.terms().settings().cooldown(),
                world.now());
        world.disk().agree(settled.records());
        messages.addAll(settled.messages());
        return messages;
    }
}
