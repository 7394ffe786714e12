package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/// `application/x-www-form-urlencoded`, as the body of a POST or the query of a GET.
final class Form {
    private Form() {}

    /// @throws Ec2Refusal `MalformedQueryString` for a bad escape or a parameter that is there twice
    static SortedMap<String, String> parse(String text) {
        SortedMap<String, String> form = new TreeMap<>();
        for (String pair : text.strip().split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (form.put(name, value) != null) {
                throw new Ec2Refusal("MalformedQueryString", "The parameter " + name + " is given twice");
            }
        }
        return form;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw (Ec2Refusal)
                    new Ec2Refusal("MalformedQueryString", "The query string has a bad escape: " + text).initCause(e);
        }
    }
}
