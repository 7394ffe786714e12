package io.vpceni.lab.imds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.EmulatedEc2;
import io.vpceni.lab.ec2.SampleWorld;
import io.vpceni.lab.ec2.SteppedTime;
import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A metadata service that is not well, on the wire.
class ImdsTroubleTest {
    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), time);

    private final SampleWorld world = SampleWorld.build(emulated.endpoint(), "us-east-1");

    @AutoClose
    private final ImdsServer imds;

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    private final String token;
    private Duration patience = Duration.ofSeconds(30);

    ImdsTroubleTest() throws IOException, InterruptedException {
        imds = ImdsServer.bind(EmulatedEc2.loopback(), emulated.emulation().nodeView(world.instanceId()), time)
                .start();
        token = token().body();
    }

    @Test
    void itAnswersWithTheStatusOfTheRule() throws IOException, InterruptedException {
        emulated.emulation()
                .faults()
                .add(FaultRule.of(new Fault.ImdsStatus(500)).times(2));

        assertThat(mac().statusCode()).isEqualTo(500);
        assertThat(token().statusCode()).isEqualTo(500);
        assertThat(mac().statusCode()).isEqualTo(200);
    }

    @Test
    void a401IsForTheTokenThatCameAndANewOneCanBeHad() throws IOException, InterruptedException {
        emulated.emulation()
                .faults()
                .add(FaultRule.of(new Fault.ImdsStatus(401)).times(2));

        assertThat(mac().statusCode()).isEqualTo(401);
        assertThat(token().statusCode()).isEqualTo(200);
        assertThat(mac().statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceThatIsDownHangsUp() throws IOException, InterruptedException {
        String rule = emulated.emulation().faults().add(FaultRule.of(new Fault.ImdsDown()));

        assertThatThrownBy(this::mac).isInstanceOf(IOException.class);
        emulated.emulation().faults().remove(rule);
        assertThat(mac().statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceThatIsSilentLetsItsCallerWait() {
        emulated.emulation().faults().add(FaultRule.of(new Fault.ImdsTimeout(Duration.ofMinutes(1))));
        patience = Duration.ofMillis(300);

        assertThatThrownBy(this::mac).isInstanceOf(HttpTimeoutException.class);
    }

    private HttpResponse<String> token() throws IOException, InterruptedException {
        return send(request("/latest/api/token")
                .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                .PUT(BodyPublishers.noBody()));
    }

    private HttpResponse<String> mac() throws IOException, InterruptedException {
        return send(request("/latest/meta-data/mac").header("X-aws-ec2-metadata-token", token));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(imds.endpoint().resolve(path)).timeout(patience);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
