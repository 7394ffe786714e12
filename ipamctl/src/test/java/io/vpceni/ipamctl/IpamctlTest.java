package io.vpceni.ipamctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class IpamctlTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private final HttpServer ipamd;
    private int status = 200;
    private String body = "{}";

    IpamctlTest() throws IOException {
        ipamd = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    }

    @BeforeEach
    void start() {
        ipamd.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        ipamd.start();
    }

    @AfterEach
    void stop() {
        ipamd.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"known, 0", "unreadable, 2", "unknown, 3"})
    void explainTellsByItsExitCodeWhetherTheNodeHasIt(String outcome, int code) {
        body = "{\"outcome\": \"" + outcome + "\", \"text\": \"why.\\n\"}";

        assertThat(run("explain", "shop/web-0")).isEqualTo(code);
        assertThat(out.toString()).isEqualTo("why.\n");
        assertThat(asked).containsExactly("/v1/explain?of=shop%2Fweb-0");
        assertThat(run("explain", "-o", "json", "shop/web-0")).isEqualTo(code);
    }

    @Test
    void anIpamdThatStartsIsNotTakenForOneThatIsAway() {
        status = 503;
        body = "ipamd is starting: waits for EC2\n";

        assertThat(run("status")).isEqualTo(1);
        assertThat(err.toString())
                .contains("ipamd runs but cannot answer this yet: ipamd is starting: waits for EC2; try again in a "
                        + "moment")
                .doesNotContain("DISABLE_INTROSPECTION");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            3 | 0 | '' | 3 more
            0 | 0 | '' | neither more nor fewer
            0 | 2 | '' | 2 fewer
            0 | 2 | the primary ENI stays | 2 fewer, which stay: the primary ENI stays
            """, delimiter = '|')
    void statusSaysWhatIsWantedInWords(int more, int fewer, String kept, String words) {
        body = "{\"target\": {\"more\": " + more + ", \"fewer\": " + fewer + ", \"keepReason\": \"" + kept + "\"}}";

        assertThat(run("status")).isZero();
        assertThat(out.toString()).containsPattern("wanted +" + words + "\n");
    }

    @Test
    void statusNamesPodsThatHaveLostTheirNetwork() {
        body = "{\"disputed\": 1, \"idleElsewhere\": 2, \"podsWithoutNetwork\": [\"demo/web-5\"]}";

        assertThat(run("status")).isZero();
        assertThat(out.toString())
                .containsPattern("no network +demo/web-5: its ENI was detached from this node; delete the pod\n")
                .containsPattern("not for pods +2 on ENIs that give none to pods\n");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(1, "--address");
        all.add(2, "127.0.0.1:" + ipamd.getAddress().getPort());
        CommandLine ipamctl =
                Ipamctl.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return ipamctl.execute(all.toArray(String[]::new));
    }

    @Test
    void anIpamdThatIsAwayIsSaidToBeSoInWords() {
        ipamd.stop(0);

        assertThat(run("status")).isEqualTo(1);
        assertThat(err.toString())
                .contains(": nobody listens there; is it running")
                .doesNotContain("java.");
    }

    @Test
    void enisShowsWhichOneIsDetachedAndWhichIsNotManaged() {
        body = """
                {"enis": [{"id": "eni-1", "detached": true, "note": "EC2 has detached it from this node"},
                          {"id": "eni-2", "status": {"phase": "ready"}, "note": "unmanaged: tag"}]}
                """;

        assertThat(run("enis")).isZero();
        assertThat(out.toString())
                .containsPattern("eni-1 .* detached .* EC2 has detached it from this node")
                .containsPattern("eni-2 .* ready .* unmanaged: tag");
    }

    /// An ENI that EC2 has not named has no device and no addresses either.
    @Test
    void enisShowsWhatIsAbsentAsADash() {
        body = """
                {"enis": [],
                 "others": [{"name": "ENI with client token 0a", "clientToken": "0a", "phase": "creation_uncertain",
                             "since": "2026-01-01T00:00:00Z", "note": ""}]}
                """;

        assertThat(run("enis")).isZero();
        assertThat(out.toString().lines().skip(1))
                .singleElement(InstanceOfAssertFactories.STRING)
                .matches("ENI with client token 0a( +-){2} +no +creation_uncertain( +-){9} *");
    }
}
