package io.vpceni.eni.imds;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.ImdsFailure.Kind;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.Sleeper;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.VpcId;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// IMDSv2 over HTTP. Keys: "Instance metadata categories" in the EC2 user guide.
public final class HttpImds implements Imds, InterfaceSource {

    /// Where IMDS is on an EC2 instance.
    public static final URI DEFAULT_ENDPOINT = URI.create("http://169.254.169.254");

    private static final String MACS = "network/interfaces/macs/";

    /// The value of `autoscaling/target-lifecycle-state` for an instance that its group removes.
    private static final String ENDED = "Terminated";

    /// IMDS has no attachment ids.
    private static final AttachmentId UNTOLD = new AttachmentId("untold-by-imds");

    private final MetadataSession session;

    /// @param endpoint `AWS_EC2_METADATA_SERVICE_ENDPOINT`, or [#DEFAULT_ENDPOINT]
    /// @param time for the age of the session token and the request budget
    public HttpImds(URI endpoint, InstantSource time, Sleeper pause) {
        this(endpoint, time, pause, ImdsMeter.NONE);
    }

    /// @param endpoint `AWS_EC2_METADATA_SERVICE_ENDPOINT`, or [#DEFAULT_ENDPOINT]
    /// @param time for the age of the session token and the request budget
    public HttpImds(URI endpoint, InstantSource time, Sleeper pause, ImdsMeter meter) {
        this(endpoint, time, pause, meter, MetadataSession.READ_TIMEOUT);
    }

    HttpImds(URI endpoint, InstantSource time, Sleeper pause, ImdsMeter meter, Duration readTimeout) {
        this.session = new MetadataSession(endpoint, time, pause, meter, readTimeout);
    }

    @Override
    public NodeIdentity identity() throws ImdsFailure {
        MacAddress mac = required("mac", MacAddress::parse);
        String primary = MACS + mac + "/";
        return new NodeIdentity(
                required("instance-id", InstanceId::new),
                required("instance-type", Function.identity()),
                required(primary + "vpc-id", VpcId::new),
                required("placement/region", Function.identity()),
                required(primary + "subnet-id", SubnetId::new),
                required("placement/availability-zone", Function.identity()),
                required(primary + "security-group-ids", text -> text.lines().toList()),
                vpcCidrs(mac),
                mac,
                required("local-ipv4", InetAddress::ofLiteral));
    }

    @Override
    public List<Cidr> vpcCidrs() throws ImdsFailure {
        return vpcCidrs(required("mac", MacAddress::parse));
    }

    private List<Cidr> vpcCidrs(MacAddress primary) throws ImdsFailure {
        return required(
                MACS + primary + "/vpc-ipv4-cidr-blocks",
                text -> text.lines().map(Cidr::parse).toList());
    }

    @Override
    public List<ImdsEni> enis() throws ImdsFailure {
        List<ImdsEni> enis = new ArrayList<>();
        for (String line : required(MACS, text -> text.lines().toList())) {
            String directory = MACS + line;
            Optional<EniId> id = optional(directory + "interface-id", EniId::new);
            Optional<Cidr> subnet = optional(directory + "subnet-ipv4-cidr-block", Cidr::parse);
            if (id.isPresent() && subnet.isPresent()) {
                MacAddress mac = parsed(directory, line.replace("/", ""), MacAddress::parse);
                enis.add(new ImdsEni(id.get(), mac, subnet.get()));
            }
        }
        return List.copyOf(enis);
    }

    @Override
    public boolean isEnding() throws ImdsFailure {
        return optional("spot/instance-action", Function.identity()).isPresent()
                || optional("autoscaling/target-lifecycle-state", Function.identity())
                        .filter(ENDED::equals)
                        .isPresent();
    }

    @Override
    public List<Ec2Eni> interfaces(InstanceId instanceId) throws ImdsFailure {
        List<Ec2Eni> enis = new ArrayList<>();
        MacAddress primary = required("mac", MacAddress::parse);
        for (String line : required(MACS, text -> text.lines().toList())) {
            MacAddress mac = parsed(MACS + line, line.replace("/", ""), MacAddress::parse);
            described(mac, mac.equals(primary), instanceId).ifPresent(enis::add);
        }
        enis.sort(Comparator.comparingInt((Ec2Eni eni) -> attachment(eni).slot().networkCard())
                .thenComparingInt(eni -> attachment(eni).slot().deviceIndex()));
        return List.copyOf(enis);
    }

    private static EniAttachment attachment(Ec2Eni eni) {
        return Objects.requireNonNull(eni.attachment());
    }

    /// Empty for an interface that is being attached or detached.
    private Optional<Ec2Eni> described(MacAddress mac, boolean primary, InstanceId instanceId) throws ImdsFailure {
        String start = MACS + mac + "/";
        Optional<EniId> id = optional(start + "interface-id", EniId::new);
        Optional<SubnetId> subnet = optional(start + "subnet-id", SubnetId::new);
        Optional<Integer> device = optional(start + "device-number", HttpImds::index);
        if (id.isEmpty() || subnet.isEmpty() || device.isEmpty()) {
            return Optional.empty();
        }
        List<Cidr> blocks = new ArrayList<>();
        List<InetAddress> addresses = list(start + "local-ipv4s", InetAddress::ofLiteral);
        addresses.stream().skip(1).map(HttpImds::single).forEach(blocks::add);
        blocks.addAll(list(start + "ipv4-prefix", Cidr::parse));
        blocks.addAll(list(start + "ipv6-prefix", Cidr::parse));
        int card = optional(start + "network-card", HttpImds::index).orElse(0);
        return Optional.of(new Ec2Eni(
                id.get(),
                subnet.get(),
                mac,
                addresses.isEmpty() ? null : addresses.getFirst(),
                blocks,
                addresses.isEmpty() ? "efa-only" : "interface",
                Map.of(),
                "",
                list(start + "security-group-ids", Function.identity()),
                new EniAttachment(
                        UNTOLD,
                        instanceId,
                        new DeviceSlot(card, primary ? 0 : device.get()),
                        EniAttachment.State.ATTACHED,
                        true)));
    }

    private static Integer index(String text) {
        int index = Integer.parseInt(text);
        if (index < 0) {
            throw new IllegalArgumentException("'" + text + "' is negative");
        }
        return index;
    }

    private static Cidr single(InetAddress address) {
        return Cidr.containing(address, address.getAddress().length * Byte.SIZE);
    }

    private <T> List<T> list(String key, Function<String, T> parser) throws ImdsFailure {
        return optional(key, text -> text.lines().map(parser).toList()).orElse(List.of());
    }

    private <T> T required(String key, Function<String, T> parser) throws ImdsFailure {
        Optional<T> value = optional(key, parser);
        if (value.isEmpty()) {
            throw new ImdsFailure(Kind.NOT_FOUND, key, "no such key", null);
        }
        return value.get();
    }

    private <T> Optional<T> optional(String key, Function<String, T> parser) throws ImdsFailure {
        Optional<String> text = session.get(key);
        return text.isEmpty() ? Optional.empty() : Optional.of(parsed(key, text.get(), parser));
    }

    private static <T> T parsed(String key, String text, Function<String, T> parser) throws ImdsFailure {
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException e) {
            throw new ImdsFailure(Kind.MALFORMED, key, String.valueOf(e.getMessage()), e);
        }
    }
}
