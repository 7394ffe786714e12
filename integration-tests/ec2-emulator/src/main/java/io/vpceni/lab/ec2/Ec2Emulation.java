package io.vpceni.lab.ec2;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.backend.VpcBackend;
import io.vpceni.lab.ec2.action.ActionCatalog;
import io.vpceni.lab.ec2.fault.FaultInjector;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.IdSource;
import io.vpceni.lab.ec2.model.Instance;
import io.vpceni.lab.ec2.model.RoleKeys;
import io.vpceni.lab.ec2.model.Views;
import io.vpceni.lab.ec2.query.Action;
import io.vpceni.lab.imds.ImdsTrouble;
import io.vpceni.lab.imds.InstanceMetadata;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.imds.RoleCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/// EC2 in this process: one account in one region, spoken to over HTTP by any AWS SDK or CLI.
///
/// It starts empty. Thread-safe.
public final class Ec2Emulation implements VpcBackend {
    /// The administrator's key id. Signatures are not checked, so any secret works.
    public static final String ADMINISTRATOR_KEY_ID = "AKIALABADMINISTRATOR";

    public static final String ADMINISTRATOR_SECRET = "lab-administrator-secret";

    /// The key id that people use for emulations: an administrator's, too.
    public static final String TEST_KEY_ID = "test";

    private final Account account;
    private final Views views;
    private final RoleKeys roleKeys;
    private final FaultInjector faults;
    private final History history;
    private final Buckets buckets;
    private final CallLog calls = new CallLog();
    private final RequestHandler handler;
    private final Transitions transitions;
    private final List<Ec2HttpListener> listeners = new CopyOnWriteArrayList<>();

    private Ec2Emulation(Ec2Settings settings, InstantSource time) {
        IdSource ids = new IdSource(new SplittableRandom(settings.seed()));
        Ec2State state = new Ec2State(settings.region(), settings.accountId(), settings.delays(), ids, time);
        state.enisMax(settings.enisMax());
        account = new Account(state);
        views = new Views(state);
        roleKeys = new RoleKeys(state);
        SortedMap<String, Action> actions = new ActionCatalog(state).byName();
        faults = new FaultInjector(settings.seed(), new TreeSet<>(actions.keySet()), time);
        history = new History(state, faults);
        state.beforeChange(history::keep);
        buckets = new Buckets(settings.buckets(), state::now, faults::othersShare);
        List<Admission> admissions = List.of(buckets, new Permissions(settings.nodePolicy()));
        transitions = new Transitions(() -> account.locked(this::outlook));
        handler = new RequestHandler(
                account,
                new AccessKeys(roleKeys),
                some -> new Ec2Api(some, some == state ? actions : new ActionCatalog(some).byName(), admissions),
                faults,
                history,
                calls,
                time,
                transitions::look);
    }

    /// Starts the account with one listener. The calling thread must be in the program's own network namespace,
    /// which the emulation's threads inherit; [#addListener] adds listeners in other namespaces.
    ///
    /// @param bind port 0 takes a free one
    public static Ec2Emulation start(Ec2Settings settings, InetSocketAddress bind, InstantSource time)
            throws IOException {
        Ec2Emulation emulation = new Ec2Emulation(settings, time);
        try {
            emulation.addListener(bind);
        } catch (IOException | RuntimeException e) {
            emulation.close();
            throw e;
        }
        return emulation;
    }

    /// Adds a listener for the same account. Only its server socket is opened in the calling thread, which may
    /// be inside another network namespace.
    ///
    /// @return its endpoint
    public URI addListener(InetSocketAddress bind) throws IOException {
        Ec2HttpListener listener = new Ec2HttpListener(bind, handler::receive);
        listeners.add(listener);
        transitions.run(listener::start);
        return listener.endpoint();
    }

    private Transitions.Outlook outlook() {
        Ec2State state = account.state();
        state.settle();
        Instant next = state.changesNextAt();
        Duration wait =
                next.equals(Instant.MAX) ? Duration.ofSeconds(Long.MAX_VALUE) : Duration.between(state.now(), next);
        return new Transitions.Outlook(views.attachedEnis(), wait);
    }

    /// The endpoint of the first listener.
    @Override
    public URI endpoint() {
        return listeners.getFirst().endpoint();
    }

    @Override
    public List<FabricEni> attachedEnis() {
        return account.locked(() -> {
            account.state().settle();
            return views.attachedEnis();
        });
    }

    @Override
    public void onChange(Runnable listener) {
        transitions.onChange(listener);
    }

    /// As the rules for [Fault.LinkDelay] say.
    @Override
    public Duration linkDelay(FabricEni eni) {
        return faults.linkDelay(account.locked(() -> account.who(eni.instanceId())));
    }

    /// The fault injector, whose rules can be changed at any time.
    public FaultInjector faults() {
        return faults;
    }

    /// The call log.
    public CallLog calls() {
        return calls;
    }

    /// The token buckets that were used, by action: how many tokens each holds now.
    public SortedMap<String, Double> buckets() {
        return account.locked(buckets::tokens);
    }

    /// The ground truth, without faults and lag.
    public GroundTruth groundTruth() {
        return account.locked(() -> {
            account.state().settle();
            return GroundTruthWriter.of(account.state());
        });
    }

    /// What the metadata service of the instance shows, lagging as the delays and the faults say.
    ///
    /// @throws IllegalArgumentException if there is no such instance; the view throws it once the instance is
    ///     terminated
    public NodeView nodeView(String instanceId) {
        account.locked(() -> livingInstance(account.state(), instanceId));
        return new NodeView() {
            @Override
            public InstanceMetadata instance() {
                return account.locked(() -> metadata(instanceId));
            }

            @Override
            public Optional<RoleCredentials> credentials() {
                return account.locked(() -> Optional.of(roleKeys.current(livingInstance(account.state(), instanceId))));
            }

            @Override
            public Optional<ImdsTrouble> trouble() {
                return faults.onImds(account.locked(() -> account.who(instanceId)));
            }
        };
    }

    private InstanceMetadata metadata(String instanceId) {
        Ec2State state = account.state();
        Instance now = livingInstance(state, instanceId);
        Instant shown = faults.imdsTime(account.who(instanceId), state.now());
        if (!shown.isBefore(state.now())) {
            return views.metadata(now);
        }
        Ec2State then = history.asOf(shown);
        return isLiving(then, instanceId)
                ? new Views(then).metadata(livingInstance(then, instanceId))
                : views.metadata(now);
    }

    private static boolean isLiving(Ec2State state, String instanceId) {
        return state.instances().all().stream()
                .anyMatch(instance -> instance.id().equals(instanceId)
                        && !state.interfacesOf(instance).isEmpty());
    }

    private static Instance livingInstance(Ec2State state, String instanceId) {
        state.settle();
        if (!isLiving(state, instanceId)) {
            throw new IllegalArgumentException("no instance " + instanceId);
        }
        return state.instances().get(instanceId);
    }

    @Override
    public void close() {
        handler.close();
        transitions.close();
        listeners.forEach(Ec2HttpListener::close);
    }
}
