package io.vpceni.ipamd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// A local page that answers what a growing node asks of EC2, and a service account's role of STS, as those would;
/// whatever else it is asked it refuses.
final class AotTrainingEc2 implements AutoCloseable {
    static final String NEW_ENI = "eni-0fedcba9876543210";
    private static final int ADDRESSES_FROM = 100;

    private final HttpServer server;
    private final AtomicInteger lastAddress = new AtomicInteger(ADDRESSES_FROM);

    private AotTrainingEc2(HttpServer server) {
        this.server = server;
    }

    /// Serves, and makes it the endpoint and credentials of the SDK's clients of this process.
    static AotTrainingEc2 start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 4);
        AotTrainingEc2 ec2 = new AotTrainingEc2(server);
        server.createContext("/", ec2::answer);
        server.setExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("rehearsal-ec2-", 0).factory()));
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        System.setProperty("aws.endpointUrlEc2", url);
        System.setProperty("aws.endpointUrlSts", url);
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", "rehearsal");
        System.setProperty("aws.secretAccessKey", "rehearsal");
        return ec2;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            String action = form.getOrDefault("Action", "");
            String content = content(action, form);
            byte[] body = (content.isEmpty()
                            ? "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>rehearsal</Message>"
                                    + "</Error></Errors><RequestID>r</RequestID></Response>"
                            : "<" + action + "Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">" + content
                                    + "<requestId>r</requestId></" + action + "Response>")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(content.isEmpty() ? 403 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /// @return "" for a refusal
    private String content(String action, Map<String, String> form) {
        return switch (action) {
            case "AssignPrivateIpAddresses" ->
                "<networkInterfaceId>" + form.get("NetworkInterfaceId") + "</networkInterfaceId>"
                        + "<assignedPrivateIpAddressesSet>" + items(form) + "</assignedPrivateIpAddressesSet>"
                        + "<return>true</return>";
            case "CreateNetworkInterface" ->
                "<networkInterface><networkInterfaceId>" + NEW_ENI + "</networkInterfaceId>"
                        + "<subnetId>subnet-0</subnetId><macAddress>02:00:00:00:00:07</macAddress>"
                        + "<privateIpAddress>10.0.0.99</privateIpAddress><status>pending</status>"
                        + "<interfaceType>interface</interfaceType><privateIpAddressesSet>"
                        + "<item><privateIpAddress>10.0.0.99</privateIpAddress><primary>true</primary></item>"
                        + items(form) + "</privateIpAddressesSet></networkInterface>";
            case "AttachNetworkInterface" ->
                "<attachmentId>eni-attach-0</attachmentId><networkCardIndex>0</networkCardIndex>";
            case "ModifyNetworkInterfaceAttribute" -> "<return>true</return>";
            case "AssumeRoleWithWebIdentity" ->
                "<AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>r:r</AssumedRoleId>"
                        + "<Arn>arn:aws:sts::111122223333:assumed-role/rehearsal/r</Arn></AssumedRoleUser>"
                        + "<Credentials><AccessKeyId>rehearsal</AccessKeyId>"
                        + "<SecretAccessKey>rehearsal</SecretAccessKey><SessionToken>rehearsal</SessionToken>"
                        + "<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
                        + "</AssumeRoleWithWebIdentityResult>";
            default -> "";
        };
    }

    private String items(Map<String, String> form) {
        StringBuilder items = new StringBuilder();
        for (int left = Integer.parseInt(form.getOrDefault("SecondaryPrivateIpAddressCount", "0")); left > 0; left--) {
            items.append("<item><privateIpAddress>10.0.0.")
                    .append(lastAddress.incrementAndGet())
                    .append("</privateIpAddress><primary>false</primary></item>");
        }
        return items.toString();
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, _) -> first));
    }
}
