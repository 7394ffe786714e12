package io.vpceni.distribution;

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
import java.util.stream.IntStream;

/// A local page that answers what a growing node asks of IMDS and EC2, and a service account's role of STS, as those
/// would; whatever else it is asked it refuses.
final class TrainingAws implements AutoCloseable {
    static final String INSTANCE = "i-0123456789abcdef0";
    private static final String PRIMARY = "eni-0123456789abcdef0";
    private static final String SECOND = "eni-0fedcba9876543210";
    private static final String PRIMARY_MAC = "02:00:00:00:00:01";
    private static final String SECOND_MAC = "02:00:00:00:00:07";
    private static final int FIRST_ADDRESSES = 5;
    private static final int ADDRESSES_FROM = 100;
    private static final String MACS = "network/interfaces/macs/";

    /// By their keys behind `/latest/meta-data/`.
    private static final Map<String, String> METADATA = Map.ofEntries(
            Map.entry("mac", PRIMARY_MAC),
            Map.entry("instance-id", INSTANCE),
            Map.entry("instance-type", "m5.large"),
            Map.entry("local-ipv4", "10.0.0.9"),
            Map.entry("placement/region", "us-east-1"),
            Map.entry("placement/availability-zone", "us-east-1a"),
            Map.entry(MACS, PRIMARY_MAC + "/\n" + SECOND_MAC + "/"),
            Map.entry(MACS + PRIMARY_MAC + "/interface-id", PRIMARY),
            Map.entry(MACS + PRIMARY_MAC + "/vpc-id", "vpc-0"),
            Map.entry(MACS + PRIMARY_MAC + "/vpc-ipv4-cidr-blocks", "10.0.0.0/16"),
            Map.entry(MACS + PRIMARY_MAC + "/subnet-id", "subnet-0"),
            Map.entry(MACS + PRIMARY_MAC + "/subnet-ipv4-cidr-block", "10.0.0.0/24"),
            Map.entry(MACS + PRIMARY_MAC + "/security-group-ids", "sg-0"),
            Map.entry(MACS + SECOND_MAC + "/interface-id", SECOND),
            Map.entry(MACS + SECOND_MAC + "/subnet-ipv4-cidr-block", "10.0.0.0/24"));

    private final HttpServer server;
    private final AtomicInteger lastAddress = new AtomicInteger(ADDRESSES_FROM);

    private TrainingAws(HttpServer server) {
        this.server = server;
    }

    /// Serves, and makes it the endpoint and credentials of the SDK's clients of this process.
    static TrainingAws start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 4);
        TrainingAws aws = new TrainingAws(server);
        server.createContext("/latest/", aws::metadata);
        server.createContext("/", aws::api);
        server.setExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("training-aws-", 0).factory()));
        server.start();
        System.setProperty("aws.endpointUrlEc2", aws.url());
        System.setProperty("aws.endpointUrlSts", aws.url());
        System.setProperty("aws.accessKeyId", "training");
        System.setProperty("aws.secretAccessKey", "training");
        return aws;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void metadata(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/latest/api/token")) {
                exchange.getResponseHeaders().set("x-aws-ec2-metadata-token-ttl-seconds", "21600");
                send(exchange, 200, "token");
                return;
            }
            String text = METADATA.getOrDefault(path.replaceFirst("/latest/meta-data/", ""), "");
            send(exchange, text.isEmpty() ? 404 : 200, text);
        }
    }

    private void api(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            String action = form.getOrDefault("Action", "");
            String content = content(action, form);
            if (content.isEmpty()) {
                send(
                        exchange,
                        403,
                        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>training</Message>"
                                + "</Error></Errors><RequestID>r</RequestID></Response>");
            } else {
                send(
                        exchange,
                        200,
                        "<" + action + "Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">" + content
                                + "<requestId>r</requestId></" + action + "Response>");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /// @return "" for a refusal
    private String content(String action, Map<String, String> form) {
        return switch (action) {
            case "DescribeNetworkInterfaces" ->
                "<networkInterfaceSet>"
                        + (form.containsValue("attachment.instance-id") || form.containsValue(PRIMARY) ? primary() : "")
                        + "</networkInterfaceSet>";
            case "DescribeInstanceTypes" ->
                "<instanceTypeSet><item><instanceType>m5.large</instanceType><networkInfo>"
                        + "<maximumNetworkInterfaces>2</maximumNetworkInterfaces>"
                        + "<ipv4AddressesPerInterface>11</ipv4AddressesPerInterface>"
                        + "</networkInfo></item></instanceTypeSet>";
            case "DescribeSubnets" ->
                "<subnetSet><item><subnetId>subnet-0</subnetId><vpcId>vpc-0</vpcId><cidrBlock>10.0.0.0/24</cidrBlock>"
                        + "<availabilityZone>us-east-1a</availabilityZone>"
                        + "<availableIpAddressCount>200</availableIpAddressCount><state>available</state>"
                        + "</item></subnetSet>";
            case "AssignPrivateIpAddresses" ->
                "<networkInterfaceId>" + form.get("NetworkInterfaceId") + "</networkInterfaceId>"
                        + "<assignedPrivateIpAddressesSet>" + items(form) + "</assignedPrivateIpAddressesSet>"
                        + "<return>true</return>";
            case "CreateNetworkInterface" ->
                "<networkInterface><networkInterfaceId>" + SECOND + "</networkInterfaceId>"
                        + "<subnetId>subnet-0</subnetId><macAddress>" + SECOND_MAC + "</macAddress>"
                        + "<privateIpAddress>10.0.0.99</privateIpAddress><status>pending</status>"
                        + "<interfaceType>interface</interfaceType><privateIpAddressesSet>"
                        + "<item><privateIpAddress>10.0.0.99</privateIpAddress><primary>true</primary></item>"
                        + items(form) + "</privateIpAddressesSet></networkInterface>";
            case "AttachNetworkInterface" ->
                "<attachmentId>eni-attach-1</attachmentId><networkCardIndex>0</networkCardIndex>";
            case "ModifyNetworkInterfaceAttribute" -> "<return>true</return>";
            case "AssumeRoleWithWebIdentity" ->
                "<AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>r:r</AssumedRoleId>"
                        + "<Arn>arn:aws:sts::111122223333:assumed-role/training/r</Arn></AssumedRoleUser>"
                        + "<Credentials><AccessKeyId>training</AccessKeyId>"
                        + "<SecretAccessKey>training</SecretAccessKey><SessionToken>training</SessionToken>"
                        + "<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
                        + "</AssumeRoleWithWebIdentityResult>";
            default -> "";
        };
    }

    private static String primary() {
        return "<item><networkInterfaceId>" + PRIMARY + "</networkInterfaceId><subnetId>subnet-0</subnetId>"
                + "<vpcId>vpc-0</vpcId><macAddress>" + PRIMARY_MAC + "</macAddress>"
                + "<privateIpAddress>10.0.0.9</privateIpAddress><status>in-use</status>"
                + "<interfaceType>interface</interfaceType><attachment><attachmentId>eni-attach-0</attachmentId>"
                + "<instanceId>" + INSTANCE + "</instanceId><deviceIndex>0</deviceIndex>"
                + "<networkCardIndex>0</networkCardIndex><status>attached</status>"
                + "<deleteOnTermination>true</deleteOnTermination></attachment>"
                + "<groupSet><item><groupId>sg-0</groupId></item></groupSet><privateIpAddressesSet>"
                + "<item><privateIpAddress>10.0.0.9</privateIpAddress><primary>true</primary></item>"
                + IntStream.range(10, 10 + FIRST_ADDRESSES)
                        .mapToObj(TrainingAws::item)
                        .collect(Collectors.joining())
                + "</privateIpAddressesSet></item>";
    }

    private String items(Map<String, String> form) {
        int count = Integer.parseInt(form.getOrDefault("SecondaryPrivateIpAddressCount", "0"));
        return IntStream.range(0, count)
                .mapToObj(_ -> item(lastAddress.incrementAndGet()))
                .collect(Collectors.joining());
    }

    private static String item(int last) {
        return "<item><privateIpAddress>10.0.0." + last + "</privateIpAddress><primary>false</primary></item>";
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, _) -> first));
    }
}
