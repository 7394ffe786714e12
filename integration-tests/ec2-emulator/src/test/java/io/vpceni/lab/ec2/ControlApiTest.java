package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.ec2.control.ControlApi;
import io.vpceni.lab.ec2.control.ControlApiClient;
import io.vpceni.lab.ec2.control.RuleJson;
import io.vpceni.lab.ec2.fault.Presets;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The control API on the wire.
class ControlApiTest {
    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), time);

    @AutoClose
    private final ControlApi api;

    private final ControlApiClient client;
    private final TestWorld world = emulated.world("10.20.0.0/24");

    ControlApiTest() throws IOException {
        api = ControlApi.open(emulated.emulation(), EmulatedEc2.loopback(), time);
        client = new ControlApiClient(api.endpoint());
    }

    @Test
    void aRuleThatIsPostedHitsAndOneThatIsDeletedDoesNot() throws IOException {
        String name = client.ask(
                        "POST",
                        "/faults",
                        "{\"fault\":\"refuse\",\"code\":\"InternalError\",\"action\":\"CreateNetworkInterface\"}")
                .path("name")
                .asText();

        assertThat(refusal(world::createEni)).isEqualTo("InternalError");
        assertThat(client.ask("GET", "/faults").path("happened").path("refuse").asInt())
                .isEqualTo(1);

        client.ask("DELETE", "/faults/" + name);
        assertThat(world.createEni()).startsWith("eni-");
    }

    @Test
    void thePresetsRulesComeBackAsTheyWerePut() throws IOException {
        JsonNode shown = client.ask("PUT", "/faults", "{\"preset\":\"storm\",\"seed\":7}");
        shown.path("rules").forEach(rule -> ((ObjectNode) rule).remove(List.of("since", "happened", "left")));

        assertThat(RuleJson.readAll(shown.path("rules"))).isEqualTo(Presets.storm());
        assertThat(client.ask("DELETE", "/faults").path("rules")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"fault":"rain"}                                        | no fault 'rain'
                    {"fault":"refuse"}                                      | code ''
                    {"fault":"refuse","code":"X","action":"Describe"}       | no action 'Describe'
                    {"fault":"lag"}                                         | want a number as millis
                    {"fault":"lag","millis":-1}                             | want milliseconds
                    {"fault":"lose-answer","chance":0}                      | chance 0.0
                    {"fault":"lose-answer","times":0}                       | times 0
                    {"fault":"lose-answer","code":"X"}                      | has no field code
                    {"fault":"partial","percent":100}                       | percent 100
                    {"fault":"slow","minMillis":5,"maxMillis":4}            | from 5 to 4 ms
                    []                                                      | as a JSON object
                    {                                                       | Unexpected end-of-input
                    """)
    void aRuleThatIsNoneIsRefusedWithAReason(String rule, String reason) {
        assertThatThrownBy(() -> client.ask("POST", "/faults", rule))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
        assertThat(emulated.emulation().faults().active()).isEmpty();
    }

    @Test
    void aWrongListOfRulesLeavesTheOldOnes() throws IOException {
        client.ask("PUT", "/faults", "{\"preset\":\"storm\"}");

        assertThatThrownBy(() -> client.ask("PUT", "/faults", "{\"rules\":[{\"fault\":\"lag\",\"millis\":5},{}]}"))
                .isInstanceOf(IOException.class);
        assertThat(emulated.emulation().faults().active()).hasSameSizeAs(Presets.storm());
    }

    @Test
    void callsAreToldSinceATimeOrANumber() throws IOException {
        time.advance(Duration.ofSeconds(60));
        world.createEni();

        JsonNode recent = client.ask("GET", "/calls?since=PT30S");
        assertThat(recent.path("calls")).hasSize(1);
        assertThat(recent.path("totals")
                        .path("CreateNetworkInterface")
                        .path("ok")
                        .asInt())
                .isEqualTo(1);
        long number = recent.path("calls").path(0).path("number").asLong();
        assertThat(client.ask("GET", "/calls?after=" + number).path("calls")).isEmpty();
        assertThat(client.ask("GET", "/calls")
                        .path("totals")
                        .path("CreateVpc")
                        .path("calls")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void theAccountIsToldAsItIs() throws IOException {
        String eniId = world.createEni();
        world.attach(eniId, world.launch("t3.small").instanceId(), 1);

        JsonNode account = client.ask("GET", "/account");
        assertThat(account.path("enis")).hasSize(2);
        assertThat(account.path("enis")).anySatisfy(eni -> {
            assertThat(eni.path("id").asText()).isEqualTo(eniId);
            assertThat(eni.path("attachment").path("deviceIndex").asInt()).isEqualTo(1);
        });
    }

    @Test
    void aCallerThatThereIsNotIsRefusedWithThoseThatThereAre() {
        String node = world.launch("t3.small").instanceId();

        assertThatThrownBy(() -> client.ask("POST", "/faults", "{\"fault\":\"lose-answer\",\"caller\":\"node-77\"}"))
                .hasMessage("caller 'node-77': there are " + node + "; or nodes, administrator or *");
        assertThatThrownBy(() ->
                        client.ask("PUT", "/faults", "{\"rules\":[{\"fault\":\"imds-down\",\"caller\":\"node-77\"}]}"))
                .hasMessageContaining("caller 'node-77'");
        assertThat(emulated.emulation().faults().active()).isEmpty();
    }
}
