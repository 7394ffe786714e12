package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a start finds: ENIs as EC2 tells them, then what the journal and the kernel say.
final class Recovery {
    private Recovery() {}

    static List<Message> messages(World world) {
        Map<EniId, Set<Cidr>> view = world.cloud().view();
        world.checker().startView(world.now(), view);
        List<Message> messages = new ArrayList<>();
        for (SimEc2.SimEni eni : world.ec2().enis()) {
            messages.add(new Message.EniReady(
                    0, world.ec2().asPoolEni(eni), List.copyOf(view.getOrDefault(eni.id(), Set.of()))));
        }
        Map<AttachmentKey, Assignment> held = new LinkedHashMap<>();
        Map<InetAddress, Message> cooling = new LinkedHashMap<>();
        Map<AttachmentKey, Message> buried = new LinkedHashMap<>();
        Map<Cidr, Message> leaving = new LinkedHashMap<>();
        for (JournalRecord record : world.disk().records()) {
            switch (record) {
                case JournalRecord.Assigned(Assignment a, var _) -> held.put(a.key(), a);
                case JournalRecord.Released(var key, var address, var _, var until) -> {
                    held.remove(key);
                    cooling.put(address, new Message.RestoredCooling(address, until));
                }
                case JournalRecord.Buried(var key, var ticket, var until) ->
                    buried.put(key, new Message.RestoredTombstone(key, ticket, until));
                case JournalRecord.Leaving(var eni, var block, var at) ->
                    leaving.put(block, new Message.RestoredDeparture(eni, block, at));
                case JournalRecord.Left(var eni, var block, var at) ->
                    leaving.put(block, new Message.RestoredDeparture(eni, block, at));
                case JournalRecord.Stayed(var _, var block, var _) -> leaving.remove(block);
                case JournalRecord.Disputed _, JournalRecord.Agreed _ -> {}
            }
        }
        held.putAll(world.kernel().wired());
        messages.addAll(leaving.values());
        messages.addAll(cooling.values());
        messages.addAll(buried.values());
        held.values().forEach(a -> messages.add(new Message.Restored(a)));
        return messages;
    }
}
