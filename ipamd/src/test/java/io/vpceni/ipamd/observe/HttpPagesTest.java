package io.vpceni.ipamd.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpPagesTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    @Test
    void whoSendsHalfARequestKeepsNobodyElseFromThePages() throws IOException, InterruptedException {
        try (HttpPages pages = pages();
                Socket half =
                        new Socket(pages.address().getAddress(), pages.address().getPort())) {
            half.getOutputStream().write("GET /page HTTP/1.1\r\nHost".getBytes(US_ASCII));
            half.getOutputStream().flush();

            assertThat(get(pages, "/page").body()).isEqualTo("hello\n");
        }
    }

    @Test
    void anUnknownPageNamesThoseThatAre() throws IOException, InterruptedException {
        try (HttpPages pages = pages()) {
            HttpResponse<String> answer = get(pages, "/nothing");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("/page");
        }
    }

    private static HttpPages pages() throws IOException {
        return HttpPages.start("test", ANY_PORT, Map.of("/page", _ -> HttpPages.Answer.text(200, "hello\n")));
    }

    private static HttpResponse<String> get(HttpPages pages, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + pages.address().getPort() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
