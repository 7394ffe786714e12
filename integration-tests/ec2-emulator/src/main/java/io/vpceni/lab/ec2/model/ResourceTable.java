package io.vpceni.lab.ec2.model;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// All things of one kind, in the order of their ids.
public final class ResourceTable<T extends Resource> {
    private final ResourceKind kind;
    private final SortedMap<String, T> byId = new TreeMap<>();

    ResourceTable(ResourceKind kind) {
        this.kind = kind;
    }

    /// @throws io.vpceni.lab.ec2.query.Ec2Refusal `Invalid...Malformed` or `Invalid...NotFound`
    public T get(String id) {
        kind.refuseMalformed(id);
        T found = byId.get(id);
        if (found == null) {
            throw kind.notFound(id);
        }
        return found;
    }

    /// Those with the ids, each of which must exist; all if there are no ids.
    public Collection<T> select(List<String> ids) {
        if (ids.isEmpty()) {
            return all();
        }
        SortedMap<String, T> selected = new TreeMap<>();
        ids.forEach(id -> selected.put(id, get(id)));
        return selected.values();
    }

    public Collection<T> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    void add(T thing) {
        byId.put(thing.id(), thing);
    }

    void remove(T thing) {
        byId.remove(thing.id());
    }
}
