package io.vpceni.lab.imds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.ec2.SteppedTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The metadata service on the wire.
class ImdsServerTest {
    private static final String PRIMARY = "02:00:00:00:00:0a";
    private static final String SECONDARY = "02:00:00:00:00:0b";
    private static final Instant LAUNCHED = Instant.parse("2026-01-01T00:00:00Z");

    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final ImdsServer imds;

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    ImdsServerTest() throws IOException {
        imds = ImdsServer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new FixedNode(), time)
                .start();
    }

    /// A node with two ENIs and a role.
    private static final class FixedNode implements NodeView {
        @Override
        public InstanceMetadata instance() {
            return new InstanceMetadata(
                    "i-0123456789abcdef0",
                    "t3.small",
                    "ami-0123456789abcdef0",
                    "111122223333",
                    "eu-west-1",
                    "eu-west-1b",
                    "x86_64",
                    LAUNCHED,
                    1,
                    List.of(
                            eni(PRIMARY, "eni-0000000000000000a", 0, "10.0.0.10", "10.0.0.11"),
                            eni(SECONDARY, "eni-0000000000000000b", 1, "10.0.0.20")));
        }

        private static InterfaceMetadata eni(String mac, String id, int device, String... addresses) {
            return new InterfaceMetadata(
                    mac,
                    id,
                    0,
                    device,
                    "subnet-0123456789abcdef0",
                    "vpc-0123456789abcdef0",
                    "111122223333",
                    List.of("sg-1", "sg-2"),
                    List.of("nodes", "pods"),
                    List.of(addresses).stream().map(InetAddress::ofLiteral).toList(),
                    "10.0.0.0/24",
                    List.of("10.0.0.0/16", "100.64.0.0/16"));
        }

        @Override
        public Optional<RoleCredentials> credentials() {
            return Optional.of(new RoleCredentials(
                    "node-role", "ASIAX", "secret", "session", LAUNCHED, LAUNCHED.plus(Duration.ofHours(6))));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "instance-id,                 i-0123456789abcdef0",
        "instance-type,               t3.small",
        "local-ipv4,                  10.0.0.10",
        "mac,                         02:00:00:00:00:0a",
        "placement/availability-zone, eu-west-1b",
        "placement/region,            eu-west-1",
        "network/interfaces/macs/02:00:00:00:00:0b/interface-id,           eni-0000000000000000b",
        "network/interfaces/macs/02:00:00:00:00:0b/device-number,          1",
        "network/interfaces/macs/02:00:00:00:00:0b/network-card,           0",
        "network/interfaces/macs/02:00:00:00:00:0b/subnet-id,              subnet-0123456789abcdef0",
        "network/interfaces/macs/02:00:00:00:00:0b/vpc-id,                 vpc-0123456789abcdef0",
        "network/interfaces/macs/02:00:00:00:00:0b/subnet-ipv4-cidr-block, 10.0.0.0/24",
        "network/interfaces/macs/02:00:00:00:00:0b/vpc-ipv4-cidr-block,    10.0.0.0/16"
    })
    void aKeyHasItsValue(String key, String value) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/latest/meta-data/" + key);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "security-group-ids,    sg-1 sg-2",
        "local-ipv4s,           10.0.0.10 10.0.0.11",
        "vpc-ipv4-cidr-blocks,  10.0.0.0/16 100.64.0.0/16"
    })
    void severalValuesAreLines(String key, String values) throws IOException, InterruptedException {
        assertThat(get("/latest/meta-data/network/interfaces/macs/" + PRIMARY + "/" + key)
                        .body()
                        .lines())
                .containsExactly(values.split(" ", -1));
    }

    @Test
    void aDirectoryListsItsEntries() throws IOException, InterruptedException {
        assertThat(get("/latest/meta-data/network/interfaces/macs/").body().lines())
                .containsExactly(PRIMARY + "/", SECONDARY + "/");
        assertThat(get("/latest/meta-data/placement").body().lines()).containsExactly("availability-zone", "region");
        assertThat(get("/latest/meta-data/").body().lines()).contains("instance-id", "network/", "iam/");
        assertThat(get("/latest/").body().lines()).containsExactly("dynamic/", "meta-data/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/latest/meta-data/nonsense",
                "/latest/meta-data/network/interfaces/macs/02:00:00:00:00:0c/",
                "/latest/meta-data/network/interfaces/macs/02:00:00:00:00:0a/ipv4-prefix",
                "/1.0/meta-data/instance-id",
                "/elsewhere"
            })
    void whatIsNotThereIsNotFound(String path) throws IOException, InterruptedException {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void versionOneIsRefused() throws IOException, InterruptedException {
        assertThat(get("/latest/meta-data/instance-id", "").statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenEndsWithItsTime() throws IOException, InterruptedException {
        String token = token("10").body();
        assertThat(get("/latest/meta-data/instance-id", token).statusCode()).isEqualTo(200);

        time.advance(Duration.ofSeconds(10));

        assertThat(get("/latest/meta-data/instance-id", token).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenOfAnotherServerIsRefused() throws IOException, InterruptedException {
        try (ImdsServer other = ImdsServer.bind(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new FixedNode(), time)
                .start()) {
            HttpRequest request = HttpRequest.newBuilder(other.endpoint().resolve("/latest/api/token"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                    .build();
            String foreign =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();

            assertThat(get("/latest/meta-data/instance-id", foreign).statusCode())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "AAAA", "!"})
    void aMadeUpTokenIsRefused(String token) throws IOException, InterruptedException {
        assertThat(get("/latest/meta-data/instance-id", token).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "21601", "-1", "soon"})
    void aTokenLivesOneSecondToSixHours(String seconds) throws IOException, InterruptedException {
        assertThat(token(seconds).statusCode()).isEqualTo(400);
        assertThat(token("1").statusCode()).isEqualTo(200);
        assertThat(token("21600").headers().firstValue("X-aws-ec2-metadata-token-ttl-seconds"))
                .hasValue("21600");
    }

    @Test
    void aProxyIsRefused() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(imds.endpoint().resolve("/latest/api/token"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                .header("X-Forwarded-For", "192.0.2.1")
                .build();

        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void theIdentityDocumentNamesRegionAndInstance() throws IOException, InterruptedException {
        JsonNode document = new ObjectMapper()
                .readTree(get("/latest/dynamic/instance-identity/document").body());

        assertThat(document.get("region").asText()).isEqualTo("eu-west-1");
        assertThat(document.get("instanceId").asText()).isEqualTo("i-0123456789abcdef0");
        assertThat(document.get("accountId").asText()).isEqualTo("111122223333");
    }

    @Test
    void theRoleIsListedAndHasCredentials() throws IOException, InterruptedException {
        assertThat(get("/latest/meta-data/iam/security-credentials/").body()).isEqualTo("node-role");
        JsonNode credentials = new ObjectMapper()
                .readTree(get("/latest/meta-data/iam/security-credentials/node-role")
                        .body());

        assertThat(credentials.get("AccessKeyId").asText()).isEqualTo("ASIAX");
        assertThat(credentials.get("Expiration").asText()).isEqualTo("2026-01-01T06:00:00Z");
    }

    private HttpResponse<String> token(String seconds) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(imds.endpoint().resolve("/latest/api/token"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .header("X-aws-ec2-metadata-token-ttl-seconds", seconds)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, token("60").body());
    }

    private HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(imds.endpoint().resolve(path));
        if (!token.isEmpty()) {
            request.header("X-aws-ec2-metadata-token", token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
