package io.vpceni.lab.demo;

import java.io.StringWriter;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// A demo's checks as JUnit's XML, for CI systems: one suite, a test case for each check.
final class JunitReport {
    private static final String SUITE = "lab.demo";

    private final DemoRecord record;

    JunitReport(DemoRecord record) {
        this.record = record;
    }

    String write() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            suite(xml);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a writer in memory takes all that is written", e);
        }
        return text + "\n";
    }

    private void suite(XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", SUITE);
        xml.writeAttribute("tests", Integer.toString(record.checks().size()));
        xml.writeAttribute("failures", Long.toString(record.failed()));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
        xml.writeAttribute("time", seconds(record.took().toMillis()));
        xml.writeAttribute("timestamp", DateTimeFormatter.ISO_INSTANT.format(record.began()));
        for (Checks.Outcome check : record.checks()) {
            testCase(xml, check);
        }
        xml.writeEndElement();
    }

    private static void testCase(XMLStreamWriter xml, Checks.Outcome check) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", SUITE);
        xml.writeAttribute("name", allowed(check.name()));
        xml.writeAttribute("time", seconds(check.millis()));
        xml.writeStartElement(check.passed() ? "system-out" : "failure");
        if (!check.passed()) {
            xml.writeAttribute("message", allowed(check.detail()));
        }
        xml.writeCharacters(allowed(check.detail()));
        xml.writeEndElement();
        xml.writeEndElement();
    }

    /// What XML 1.0 cannot hold is replaced.
    private static String allowed(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "\uFFFD");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1e3);
    }
}
