package io.vpceni.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.CallLog.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// The page and the JUnit report of a demo hold all that the demo's record holds.
class RecordPageTest {
    private static final Instant BEGAN = Instant.parse("2026-01-01T12:00:00Z");
    private static final String NASTY = "<b>\"it\" & 'more'</b>\u0007";

    private static final DemoRecord RECORD = new DemoRecord(
            "2 nodes of t3.small",
            BEGAN,
            Duration.ofSeconds(33),
            List.of(
                    new Checks.Outcome("pod to pod on one node", true, "2 pairs", 1234),
                    new Checks.Outcome("the node's metadata service", false, NASTY, 7)),
            List.of(
                    new DemoRecord.RecordedNode(
                            "node-1",
                            "i-1",
                            List.of(
                                    new DemoRecord.RecordedEni("eni-a", 0, List.of("10.0.0.4", "10.0.0.5", "10.0.0.6")),
                                    new DemoRecord.RecordedEni("eni-b", 1, List.of("10.0.0.9")))),
                    new DemoRecord.RecordedNode(
                            "node-2", "i-2", List.of(new DemoRecord.RecordedEni("eni-c", 0, List.of("10.0.1.4"))))),
            List.of(
                    new DemoRecord.Pod("pod-1-1", "node-1", "10.0.0.5", "eni-a", 0, 12.5),
                    new DemoRecord.Pod("pod-1-2", "node-1", "10.0.0.6", "eni-a", 0, 11.5),
                    new DemoRecord.Pod("pod-2-1", "node-2", "10.0.1.7", "eni-c", 0, 10.5)),
            List.of(
                    new DemoRecord.Pair("pod-1-1", "pod-1-2", ""),
                    new DemoRecord.Pair("pod-1-2", "pod-1-1", ""),
                    new DemoRecord.Pair("pod-1-1", "pod-2-1", NASTY)),
            List.of(
                    call(1, "i-1", "node-1", "DescribeNetworkInterfaces", "ok", true),
                    call(2, "i-1", "node-1", "CreateNetworkInterface", "RequestLimitExceeded", true),
                    call(3, "i-2", "node-2", "CreateNetworkInterface", "ok", false),
                    call(4, "administrator", "", "CreateVpc", "ok", true)));

    private static Call call(int second, String caller, String name, String action, String outcome, boolean answered) {
        return new Call(
                second,
                BEGAN.plusSeconds(second),
                caller,
                name,
                action,
                "eni-" + second,
                outcome,
                answered,
                Duration.ofMillis(20),
                List.of());
    }

    private final String page = new RecordPage(RECORD).write();

    RecordPageTest() throws IOException {}

    @Test
    void eachCheckIsThereWithWhatCameOfIt() throws Exception {
        Document parsed = parsed(body());

        assertThat(rows(parsed, "checks"))
                .containsExactly(
                        "✓ passed pod to pod on one node 2 pairs 1,234",
                        "✗ failed the node's metadata service <b>\"it\" & 'more'</b>\uFFFD 7");
        assertThat(page).contains("1 passed, 1 failed");
    }

    @Test
    void eachPairIsThere() throws Exception {
        Document parsed = parsed(body());

        assertThat(titles(parsed, "td"))
                .containsExactlyInAnyOrder(
                        "pod-1-1 to pod-1-2 (10.0.0.6), on one node: heard",
                        "pod-1-2 to pod-1-1 (10.0.0.5), on one node: heard",
                        "pod-1-1 to pod-2-1 (10.0.1.7), across nodes: <b>\"it\" & 'more'</b>\uFFFD",
                        "pod-1-2 to pod-2-1 (10.0.1.7): not tried",
                        "pod-2-1 to pod-1-1 (10.0.0.5): not tried",
                        "pod-2-1 to pod-1-2 (10.0.0.6): not tried");
    }

    @Test
    void eachEniIsThereWithItsAddressesAndWhoHasThem() throws Exception {
        assertThat(items(parsed(body())))
                .contains(
                        "own 10.0.0.4 the ENI's own",
                        "pod 10.0.0.5 pod-1-1",
                        "pod 10.0.0.6 pod-1-2",
                        "own 10.0.0.9 the ENI's own",
                        "own 10.0.1.4 the ENI's own");
        assertThat(page).contains("eni-a", "eni-b", "eni-c", "i-1", "i-2");
    }

    @Test
    void eachCallIsInALaneAndInTheTable() throws Exception {
        Document parsed = parsed(body());

        assertThat(titles(parsed, "i"))
                .containsExactlyInAnyOrder(
                        "1.00 s, node-1: DescribeNetworkInterfaces eni-1: ok, 20.0 ms",
                        "2.00 s, node-1: CreateNetworkInterface eni-2: RequestLimitExceeded, 20.0 ms",
                        "3.00 s, node-2: CreateNetworkInterface eni-3: ok, no answer, 20.0 ms",
                        "4.00 s, administrator: CreateVpc eni-4: ok, 20.0 ms");
        assertThat(rows(parsed, "calls"))
                .containsExactly(
                        "1.00 node-1 DescribeNetworkInterfaces eni-1 ok 20.0",
                        "2.00 node-1 CreateNetworkInterface eni-2 RequestLimitExceeded 20.0",
                        "3.00 node-2 CreateNetworkInterface eni-3 ok, no answer 20.0",
                        "4.00 administrator CreateVpc eni-4 ok 20.0");
    }

    @Test
    void thePageNeedsNothingFromElsewhereAndHoldsNoText() {
        assertThat(page)
                .startsWith("<!DOCTYPE html>\n<html lang=\"en\">")
                .contains("prefers-color-scheme: dark")
                .doesNotContain("<script", "http:", "https:", "url(", "@import", "src=", "href=", "<b>\"it\"");
    }

    @Test
    void aDemoThatCouldNotPutAnythingUpHasAPageToo() throws Exception {
        DemoRecord nothing =
                new DemoRecord("2 nodes", BEGAN, Duration.ZERO, List.of(), List.of(), List.of(), List.of(), List.of());

        assertThat(new RecordPage(nothing).write()).contains("0 passed, 0 failed");
    }

    @Test
    void theJunitReportCountsWhatItHolds() throws Exception {
        Document parsed = parsed(new JunitReport(RECORD).write());
        Element suite = parsed.getDocumentElement();

        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("time")).isEqualTo("33.000");
        assertThat(elements(parsed, "testcase").map(test -> test.getAttribute("name")))
                .containsExactly("pod to pod on one node", "the node's metadata service");
        assertThat(elements(parsed, "failure").map(failure -> failure.getAttribute("message")))
                .containsExactly("<b>\"it\" & 'more'</b>\uFFFD");
    }

    private String body() {
        return page.substring(page.indexOf("<body>"), page.indexOf("</html>"));
    }

    /// The page's body is well-formed XML: every element is closed.
    private static Document parsed(String text) throws IOException, ParserConfigurationException, SAXException {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Stream<Element> elements(Document parsed, String name) {
        NodeList found = parsed.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }

    private static List<String> titles(Document parsed, String name) {
        return elements(parsed, name)
                .map(element -> element.getAttribute("title"))
                .filter(title -> !title.isEmpty())
                .toList();
    }

    /// The rows of a table's body, cells with a blank between.
    private static List<String> rows(Document parsed, String table) {
        return elements(parsed, "table")
                .filter(element -> element.getAttribute("class").equals(table))
                .flatMap(element ->
                        children((Element) element.getElementsByTagName("tbody").item(0)))
                .map(row -> String.join(
                        " ", children(row).map(Element::getTextContent).toList()))
                .toList();
    }

    private static List<String> items(Document parsed) {
        return elements(parsed, "li")
                .map(item -> item.getAttribute("class") + " "
                        + String.join(
                                " ", children(item).map(Element::getTextContent).toList()))
                .toList();
    }

    private static Stream<Element> children(Element parent) {
        NodeList found = parent.getChildNodes();
        return IntStream.range(0, found.getLength())
                .mapToObj(found::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }
}
