package io.vpceni.ipamd.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.ipamd.LoggedEvents;
import io.vpceni.ipamd.observe.FailedAdds;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Readiness;
import io.vpceni.ipamd.owner.PoolEventLog;
import io.vpceni.ipamd.owner.PoolOwner;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.loop.PoolLoop;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import io.vpceni.rpc.Variable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CniServiceTest {
    private static final String CONFIGURATION =
            "{\"cniVersion\": \"1.0.0\", \"name\": \"vpc-eni\", \"type\": \"vpc-eni\"}";

    @RegisterExtension
    private final LoggedEvents logged = new LoggedEvents(CniService.class);

    private final ObjectMapper json = new ObjectMapper();
    private final Metrics metrics = new Metrics("1.2.3");
    private final PoolOwner owner = new PoolOwner(
            new PoolLoop(
                    new WarmPool(new PoolSettings(0, 1, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 15)),
                    _ -> {},
                    (_, _) -> {},
                    new PoolEventLog(metrics, new Readiness(), _ -> {}, Path.of("pool.journal"))),
            InstantSource.system(),
            _ -> {});
    private final FailedAdds failedAdds = new FailedAdds(InstantSource.system());
    private final CniService service = new CniService(
            new CniRequestReader(),
            new CniResult(json),
            new PodNetwork(owner, new FakeWires(), metrics, Optional::empty, Duration.ofMillis(10)),
            Map::of,
            () -> new Readiness.Verdict(true, ""),
            metrics,
            failedAdds,
            System::nanoTime);

    @BeforeEach
    void start() {
        owner.start();
    }

    @AfterEach
    void stop() {
        owner.close();
    }

    @Test
    void theLineOfAFailedAddNamesThePodAndHowLongItTook() {
        service.answer(CniRequest.newBuilder()
                .setStdin(ByteString.copyFrom(CONFIGURATION, UTF_8))
                .setNetnsNonce(ByteString.copyFrom(new byte[16]))
                .addEnvironment(variable("CNI_COMMAND", "ADD"))
                .addEnvironment(variable("CNI_CONTAINERID", "c1"))
                .addEnvironment(variable("CNI_IFNAME", "eth0"))
                .addEnvironment(variable("CNI_NETNS", "/run/netns/c1"))
                .addEnvironment(variable("CNI_ARGS", "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0"))
                .build());

        assertThat(logged.list()).singleElement().satisfies(line -> {
            Map<String, Object> fields = new HashMap<>();
            line.getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
            assertThat(fields)
                    .containsEntry("command", "ADD")
                    .containsEntry("pod", new PodName("shop", "web-0"))
                    .containsEntry("container", "c1")
                    .containsEntry("code", 11)
                    .containsKey("reason");
            assertThat(fields.get("took")).isInstanceOf(Duration.class);
        });
    }

    @Test
    void aPluginOfALaterProtocolIsToldBothVersionsAndNothingIsDone() throws IOException {
        CniAnswer answer = service.answer(CniRequest.newBuilder()
                .setProtocol(2)
                .setStdin(ByteString.copyFrom(CONFIGURATION, UTF_8))
                .addEnvironment(variable("CNI_COMMAND", "VERSION"))
                .build());

        assertThat(answer.getProtocol()).isEqualTo(1);
        assertThat(answer.getExitCode()).isEqualTo(1);
        JsonNode error = json.readTree(answer.getStdout().toByteArray());
        assertThat(error.path("code").asInt()).isEqualTo(11);
        assertThat(error.path("msg").asText())
                .isEqualTo("the plugin speaks version 2 of the protocol between plugin and ipamd, and this ipamd knows"
                        + " version 1: nothing was done; update ipamd to the plugin's release");
    }

    /// Each is kept and logged: 256 of them must not fill the heap.
    @Test
    void whatIsKeptAndLoggedOfAFailedAddIsShort() {
        String huge = "x".repeat(1_000_000);

        service.answer(CniRequest.newBuilder()
                .setStdin(ByteString.copyFrom(CONFIGURATION, UTF_8))
                .addEnvironment(variable("CNI_COMMAND", "ADD"))
                .addEnvironment(variable("CNI_CONTAINERID", huge))
                .addEnvironment(variable("CNI_IFNAME", huge))
                .addEnvironment(variable("CNI_ARGS", "K8S_POD_NAMESPACE=" + huge + ";K8S_POD_NAME=" + huge))
                .build());

        assertThat(logged.list())
                .singleElement()
                .satisfies(line -> line.getKeyValuePairs()
                        .forEach(pair -> assertThat(String.valueOf(pair.value)).hasSizeLessThan(3_000)));
        assertThat(failedAdds.of(new PodName("x".repeat(253) + "...", "x".repeat(253) + "...")))
                .isPresent();
    }

    private static Variable variable(String name, String value) {
        return Variable.newBuilder().setName(name).setValue(value).build();
    }
}
