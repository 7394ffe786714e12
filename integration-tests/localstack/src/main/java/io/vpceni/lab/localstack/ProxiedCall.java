package io.vpceni.lab.localstack;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A call of the EC2 Query API: `Action=...&Version=...&...`, form-encoded.
///
/// @param parameters in the order in which they came
/// @param headers those that travel on, by lower-case name
record ProxiedCall(Map<String, String> parameters, Map<String, String> headers) {
    static final String API_VERSION = "2016-11-15";

    ProxiedCall {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /// The lab's own call, in the name of nobody.
    static ProxiedCall of(String action, Map<String, String> parameters) {
        return new ProxiedCall(parameters, Map.of()).with("Action", action).with("Version", API_VERSION);
    }

    static ProxiedCall decode(String form, Map<String, String> headers) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return new ProxiedCall(parameters, headers);
    }

    String encode() {
        return parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    /// Empty where there is none.
    String action() {
        return parameters.getOrDefault("Action", "");
    }

    /// Whether it changes something, as EC2 names its actions.
    boolean mutates() {
        return !action().startsWith("Describe") && !action().startsWith("Get");
    }

    ProxiedCall with(String parameter, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(parameter, value);
        return new ProxiedCall(changed, headers);
    }

    ProxiedCall withHeader(String name, String value) {
        Map<String, String> changed = new TreeMap<>(headers);
        changed.put(name, value);
        return new ProxiedCall(parameters, changed);
    }

    /// Another call by the same caller: same headers, other parameters.
    ProxiedCall another(String action, Map<String, String> others) {
        return new ProxiedCall(ProxiedCall.of(action, others).parameters(), headers);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
