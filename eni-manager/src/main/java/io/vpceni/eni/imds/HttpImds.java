package io.vpceni.eni.imds;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.ImdsFailure.Kind;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.Pause;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// IMDSv2 over HTTP. Keys: "Instance metadata categories" in the EC2 user guide.
public final class HttpImds implements Imds {

    /// Where IMDS is on an EC2 instance.
    public static final URI DEFAULT_ENDPOINT = URI.create("http://169.254.169.254");

    private static final String MACS = "network/interfaces/macs/";

    private final MetadataSession session;

    /// @param endpoint `AWS_EC2_METADATA_SERVICE_ENDPOINT`, or [#DEFAULT_ENDPOINT]
    /// @param time for the age of the session token
    public HttpImds(URI endpoint, InstantSource time, Pause pause) {
        this.session = new MetadataSession(endpoint, time, pause);
    }

    @Override
    public NodeIdentity identity() throws ImdsFailure {
        MacAddress mac = required("mac", MacAddress::parse);
        String primary = MACS + mac + "/";
        return new NodeIdentity(
                required("instance-id", Function.identity()),
                required("instance-type", Function.identity()),
                required("placement/region", Function.identity()),
                required("placement/availability-zone", Function.identity()),
                required(primary + "vpc-id", Function.identity()),
                required(primary + "subnet-id", Function.identity()),
                required(primary + "security-group-ids", text -> text.lines().toList()),
                required(
                        primary + "vpc-ipv4-cidr-blocks",
                        text -> text.lines().map(Cidr::parse).toList()),
                mac,
                required("local-ipv4", InetAddress::ofLiteral));
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
