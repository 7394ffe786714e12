package io.vpceni.ipamd.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real sockets. Peers are addresses of 127.0.0.0/8.
class HttpPagesTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private static final String POD = "127.0.0.66";
    private static final String SCRAPER = "127.0.0.7";
    private static final int MANY = 1_000;
    private static final int ANSWER_MILLIS_MAX = 20_000;
    private static final String HALF = "GET /page HTTP/1.1\r\nHost";
    private static final String WHOLE = "GET /page HTTP/1.1\r\nHost: node\r\n\r\n";

    private final CountDownLatch slow = new CountDownLatch(1);
    private final List<Socket> opened = new ArrayList<>();
    private final BlockingQueue<HttpPages.CutOff> cutOffs = new LinkedBlockingQueue<>();

    @AfterEach
    void closeClients() throws IOException {
        for (Socket socket : opened) {
            socket.close();
        }
    }

    @Test
    void aThousandHalfRequestsOfOnePeerKeepNobodyElseFromThePages() throws IOException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL)) {
            for (int i = 0; i < MANY; i++) {
                send(connect(pages, POD), HALF);
            }

            assertThat(ask(pages, SCRAPER)).endsWith("hello\n");
            assertThat(ask(pages, POD)).as("not even itself").endsWith("hello\n");
            assertThat(cutOffs).hasSizeGreaterThan(MANY - 100).containsOnly(HttpPages.CutOff.PEER_LIMIT);
        }
    }

    @Test
    void aThousandSilentConnectionsOfOnePeerKeepNobodyElseFromThePages() throws IOException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL)) {
            for (int i = 0; i < MANY; i++) {
                connect(pages, POD);
            }

            assertThat(ask(pages, SCRAPER)).endsWith("hello\n");
        }
    }

    @Test
    void peersThatNeverReadTheirAnswersKeepNobodyElseFromThePages() throws IOException {
        try (HttpPages pages = pages(new HttpPages.Bounds(64, 4, minutes(5), minutes(5)))) {
            for (int i = 0; i < 100; i++) {
                send(connect(pages, POD), "GET /large HTTP/1.1\r\n\r\n"); // and never reads
            }

            assertThat(ask(pages, SCRAPER)).endsWith("hello\n");
        }
    }

    @Test
    void aThousandWholeRequestsForASlowPageKeepNobodyElseFromThePages() throws IOException {
        try (HttpPages pages = pages(new HttpPages.Bounds(16, 4, minutes(5), minutes(5)))) {
            for (int i = 0; i < MANY; i++) {
                send(connect(pages, POD), "GET /slow HTTP/1.1\r\n\r\n");
            }
            Socket scraper = connect(pages, SCRAPER);
            send(scraper, WHOLE);
            slow.countDown();

            assertThat(rest(scraper)).endsWith("hello\n");
        }
    }

    @Test
    void whenAllPlacesAreTakenThePeerWithMostMakesWay() throws IOException, InterruptedException {
        try (HttpPages pages = pages(new HttpPages.Bounds(6, 4, minutes(5), minutes(5)))) {
            Socket modest = connect(pages, "127.0.0.2");
            send(modest, HALF);
            List<Socket> greedy = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                greedy.add(connect(pages, POD));
            }
            connect(pages, "127.0.0.3");

            assertThat(ask(pages, SCRAPER)).endsWith("hello\n");

            assertThat(cutOffs.poll(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)).isEqualTo(HttpPages.CutOff.TOTAL_LIMIT);
            assertThat(rest(greedy.getFirst())).isEmpty();
            send(modest, ": node\r\n\r\n");
            assertThat(rest(modest)).endsWith("hello\n");
        }
    }

    @Test
    void aRequestThatDoesNotComeInTimeIsCutOff() throws IOException, InterruptedException {
        try (HttpPages pages = pages(new HttpPages.Bounds(6, 4, millis(1), minutes(5)))) {
            Socket half = connect(pages, POD);
            send(half, HALF);

            assertThat(rest(half)).isEmpty();
            assertThat(cutOffs.poll(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)).isEqualTo(HttpPages.CutOff.SLOW_REQUEST);
        }
    }

    @Test
    void anAnswerThatNobodyReadsIsCutOff() throws IOException, InterruptedException {
        try (HttpPages pages = pages(new HttpPages.Bounds(6, 4, minutes(5), millis(1)))) {
            send(connect(pages, POD), "GET /large HTTP/1.1\r\n\r\n");

            assertThat(cutOffs.poll(ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS)).isEqualTo(HttpPages.CutOff.SLOW_READER);
        }
    }

    @Test
    void aRequestMayComeByteByByte() throws IOException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL)) {
            Socket slow = connect(pages, SCRAPER);
            for (int i = 0; i < WHOLE.length(); i++) {
                send(slow, WHOLE.substring(i, i + 1));
            }

            assertThat(rest(slow)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hello\n");
        }
    }

    @Test
    void aRequestWithoutEndIsRefused() throws IOException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL)) {
            Socket endless = connect(pages, POD);
            send(endless, "GET /page HTTP/1.1\r\nCookie: " + "x".repeat(HttpRequestHead.BYTES_MAX));

            assertThat(rest(endless)).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void onlyGetIsServed() throws IOException, InterruptedException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(uri(pages, "/page"))
                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                    .timeout(Duration.ofMillis(ANSWER_MILLIS_MAX))
                    .build();

            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void whatIsNoRequestIsRefused() throws IOException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL)) {
            Socket stranger = connect(pages, POD);
            send(stranger, "SSH-2.0-OpenSSH_9.2\r\n\r\n");

            assertThat(rest(stranger)).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void thePageHearsTheQuery() throws IOException, InterruptedException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL)) {
            assertThat(get(pages, "/echo?of=10.0.1.5%20").body()).isEqualTo("of=10.0.1.5 ");
        }
    }

    @Test
    void anUnknownPageNamesThoseThatAre() throws IOException, InterruptedException {
        try (HttpPages pages = pages(HttpPages.Bounds.USUAL)) {
            HttpResponse<String> answer = get(pages, "/nothing");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("/page");
        }
    }

    @Test
    void addressesOfOneIpv6HostAreOnePeer() {
        assertThat(HttpConnections.peer(InetAddress.ofLiteral("2001:db8::1:2:3:4")))
                .isEqualTo(HttpConnections.peer(InetAddress.ofLiteral("2001:db8::9")))
                .isNotEqualTo(HttpConnections.peer(InetAddress.ofLiteral("2001:db8:0:1::9")));
        assertThat(HttpConnections.peer(InetAddress.ofLiteral("10.0.0.1")))
                .isNotEqualTo(HttpConnections.peer(InetAddress.ofLiteral("10.0.0.2")));
    }

    private HttpPages pages(HttpPages.Bounds bounds) throws IOException {
        Map<String, HttpPages.Page> pages = Map.of(
                "/page", _ -> HttpPages.Answer.text(200, "hello\n"),
                "/slow",
                        _ -> {
                            slow.await();
                            return HttpPages.Answer.text(200, "at last\n");
                        },
                "/echo", query -> HttpPages.Answer.text(200, query),
                "/large", _ -> HttpPages.Answer.text(200, "x".repeat(8 << 20)));
        return HttpPages.start("test", ANY_PORT, pages, bounds, System::nanoTime, (_, reason) -> cutOffs.add(reason));
    }

    private static long millis(int count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }

    private static long minutes(int count) {
        return TimeUnit.MINUTES.toNanos(count);
    }

    private Socket connect(HttpPages pages, String from) throws IOException {
        Socket socket = new Socket();
        opened.add(socket);
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        socket.setReceiveBufferSize(16 << 10);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(pages.address(), ANSWER_MILLIS_MAX);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        } catch (SocketException _) {
            // cut off already
        }
    }

    /// Until the other side ends it.
    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        } catch (SocketException _) {
            return "";
        }
    }

    private String ask(HttpPages pages, String from) throws IOException {
        Socket socket = connect(pages, from);
        send(socket, WHOLE);
        return rest(socket);
    }

    private static URI uri(HttpPages pages, String path) {
        return URI.create("http://127.0.0.1:" + pages.address().getPort() + path);
    }

    private static HttpResponse<String> get(HttpPages pages, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri(pages, path))
                            .timeout(Duration.ofMillis(ANSWER_MILLIS_MAX))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
