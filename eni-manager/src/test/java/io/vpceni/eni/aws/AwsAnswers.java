package io.vpceni.eni.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A local HTTP server that stands for a service of AWS: it gives the answers that were put in, the last one for
/// ever, and keeps what it was asked.
public final class AwsAnswers implements AutoCloseable {

    private static final int HANG_UP = 0;

    /// @param headers to send besides
    public record Answer(int status, String body, Map<String, String> headers) {
        Answer at(Instant date) {
            return new Answer(
                    status,
                    body,
                    Map.of("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC))));
        }
    }

    /// @param authorization header, "" when there was none
    /// @param proxyAuthorization header, "" when there was none
    /// @param date `X-Amz-Date`, with which a request is signed, "" when there was none
    public record Asked(
            String method, String path, String body, String authorization, String proxyAuthorization, String date) {}

    private final ServerSocket server;

    private final Deque<Answer> answers = new ArrayDeque<>();

    public final List<Asked> asked = new CopyOnWriteArrayList<>();

    private AwsAnswers(ServerSocket server) {
        this.server = server;
    }

    public static AwsAnswers with(Answer... answers) throws IOException {
        AwsAnswers service = new AwsAnswers(new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.1")));
        service.answers.addAll(List.of(answers));
        Thread _ = Thread.ofPlatform().name("aws-answers").daemon().start(service::serve);
        return service;
    }

    public int port() {
        return server.getLocalPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread _ =
                        Thread.ofPlatform().name("aws-answers-client").daemon().start(() -> serve(client));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            while (true) {
                String head = head(client.getInputStream());
                String body = new String(client.getInputStream().readNBytes(length(head)), UTF_8);
                String[] words = head.split(" ", 3);
                asked.add(new Asked(
                        words[0],
                        words[1],
                        body,
                        header(head, "Authorization"),
                        header(head, "Proxy-Authorization"),
                        header(head, "X-Amz-Date")));
                Answer answer = next();
                if (answer.status() == HANG_UP) {
                    return;
                }
                client.getOutputStream().write(wire(answer));
            }
        } catch (IOException _) {
            // the client is gone
        }
    }

    private static byte[] wire(Answer answer) {
        StringBuilder text =
                new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" x\r\n");
        answer.headers()
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
        text.append("Content-Length: ")
                .append(answer.body().getBytes(UTF_8).length)
                .append("\r\n\r\n");
        return text.append(answer.body()).toString().getBytes(UTF_8);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("ended after " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static int length(String head) {
        String length = header(head, "Content-Length");
        return length.isEmpty() ? 0 : Integer.parseInt(length);
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private synchronized Answer next() {
        return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /// Reads the request and ends the connection.
    public static Answer hangUp() {
        return new Answer(HANG_UP, "", Map.of());
    }

    /// EC2: this node has no ENI.
    public static Answer noEnis() {
        return new Answer(
                200,
                "<DescribeNetworkInterfacesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                        + "<requestId>r</requestId><networkInterfaceSet/></DescribeNetworkInterfacesResponse>",
                Map.of());
    }

    /// EC2's way to refuse.
    public static Answer ec2Refuses(int status, String code, String message) {
        return new Answer(
                status,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>" + code
                        + "</Code><Message>" + message
                        + "</Message></Error></Errors><RequestID>r-1</RequestID></Response>",
                Map.of("Content-Type", "text/xml;charset=UTF-8"));
    }

    public static Answer stsGives(String accessKeyId, Instant expires) {
        return new Answer(
                200,
                "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                        + "<AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId>"
                        + "<Arn>arn:aws:sts::111122223333:assumed-role/vpc-eni/s</Arn></AssumedRoleUser><Credentials>"
                        + "<AccessKeyId>" + accessKeyId + "</AccessKeyId><SecretAccessKey>hunter2</SecretAccessKey>"
                        + "<SessionToken>hunter3</SessionToken><Expiration>" + expires + "</Expiration></Credentials>"
                        + "</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>r</RequestId>"
                        + "</ResponseMetadata></AssumeRoleWithWebIdentityResponse>",
                Map.of());
    }

    public static Answer stsGivesRole(String accessKeyId, Instant expires) {
        Answer answer = stsGives(accessKeyId, expires);
        return new Answer(200, answer.body().replace("AssumeRoleWithWebIdentityRes", "AssumeRoleRes"), Map.of());
    }

    public static Answer stsRefuses(int status, String code, String message) {
        return new Answer(
                status,
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>"
                        + code + "</Code><Message>" + message
                        + "</Message></Error><RequestId>r</RequestId></ErrorResponse>",
                Map.of());
    }

    /// As IMDS and Pod Identity's agent have it.
    public static Answer keys(String accessKeyId, Instant expires) {
        return new Answer(
                200,
                "{\"Code\":\"Success\",\"AccessKeyId\":\"" + accessKeyId
                        + "\",\"SecretAccessKey\":\"hunter2\",\"Token\":\"hunter3\",\"Expiration\":\"" + expires
                        + "\"}",
                Map.of());
    }

    public static Answer text(int status, String body) {
        return new Answer(status, body, Map.of());
    }
}
