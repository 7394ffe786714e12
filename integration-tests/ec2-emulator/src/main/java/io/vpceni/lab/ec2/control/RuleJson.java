package io.vpceni.lab.ec2.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.ec2.fault.DurationRange;
import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/// Rules as JSON objects: `{"fault": "refuse", "code": "RequestLimitExceeded", "action": "*", "chance":
/// 0.2}`.
///
/// All durations are in milliseconds; `millis` stands for a fixed one, `minMillis` and `maxMillis` for a
/// span.
public final class RuleJson {
    /// Each kind of fault with the fields that it wants.
    public static final List<String> KINDS = List.of(
            "refuse (code)",
            "slow (millis, or minMillis and maxMillis)",
            "lose-request",
            "lose-answer",
            "partial (percent)",
            "lag (millis)",
            "attach-delay (millis, or minMillis and maxMillis)",
            "detach-delay (millis, or minMillis and maxMillis)",
            "link-delay (millis, or minMillis and maxMillis)",
            "other-client (share)",
            "imds-status (status)",
            "imds-timeout (millis)",
            "imds-down",
            "imds-lag (millis)",
            "imds-stale");

    private static final long MILLIS_MAX = Duration.ofDays(1).toMillis();

    private final JsonNode json;
    private final Set<String> unread;

    private RuleJson(JsonNode json) {
        this.json = json;
        this.unread = new TreeSet<>();
        json.fieldNames().forEachRemaining(unread::add);
    }

    /// Read strictly: a field that the fault does not have is refused.
    ///
    /// @throws IllegalArgumentException with what is wrong
    public static FaultRule read(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("want a rule as a JSON object, not " + json);
        }
        return new RuleJson(json).rule();
    }

    /// A list of them.
    public static List<FaultRule> readAll(JsonNode list) {
        if (!list.isArray()) {
            throw new IllegalArgumentException("want a JSON list of rules");
        }
        return StreamSupport.stream(list.spliterator(), false)
                .map(RuleJson::read)
                .toList();
    }

    private FaultRule rule() {
        FaultRule rule = new FaultRule(
                text("name", ""),
                text("action", FaultRule.ALL),
                text("caller", FaultRule.ALL),
                fault(),
                has("chance") ? number("chance") : 1,
                has("times") ? OptionalInt.of(integer("times")) : OptionalInt.empty(),
                has("lastsMillis") ? Optional.of(millis("lastsMillis")) : Optional.empty());
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException(
                    "fault " + rule.fault().kind() + " has no field " + String.join(", ", unread));
        }
        return rule;
    }

    private Fault fault() {
        String kind = text("fault", "");
        return switch (kind) {
            case "refuse" -> new Fault.Refuse(text("code", ""));
            case "slow" -> new Fault.Slow(span());
            case "lose-request" -> new Fault.LoseRequest();
            case "lose-answer" -> new Fault.LoseAnswer();
            case "partial" -> new Fault.Partial(integer("percent"));
            case "lag" -> new Fault.StaleView(millis("millis"));
            case "attach-delay" -> new Fault.AttachDelay(span());
            case "detach-delay" -> new Fault.DetachDelay(span());
            case "link-delay" -> new Fault.LinkDelay(span());
            case "other-client" -> new Fault.OtherClient(number("share"));
            case "imds-status" -> new Fault.ImdsStatus(integer("status"));
            case "imds-timeout" -> new Fault.ImdsTimeout(millis("millis"));
            case "imds-down" -> new Fault.ImdsDown();
            case "imds-lag" -> new Fault.ImdsLag(millis("millis"));
            case "imds-stale" -> new Fault.ImdsStale();
            default ->
                throw new IllegalArgumentException("no fault '" + kind + "': there are " + String.join(", ", KINDS));
        };
    }

    private DurationRange span() {
        if (has("millis")) {
            return DurationRange.fixed(millis("millis"));
        }
        return new DurationRange(millis("minMillis"), millis("maxMillis"));
    }

    private boolean has(String field) {
        return json.hasNonNull(field);
    }

    private String text(String field, String otherwise) {
        unread.remove(field);
        JsonNode value = json.path(field);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw new IllegalArgumentException(field + " " + value + ": want a text");
        }
        return value.asText(otherwise);
    }

    private double number(String field) {
        unread.remove(field);
        if (!json.path(field).isNumber()) {
            throw new IllegalArgumentException("want a number as " + field);
        }
        return json.path(field).asDouble();
    }

    private int integer(String field) {
        double number = number(field);
        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(field + " " + json.path(field) + ": want a whole number");
        }
        return (int) number;
    }

    private Duration millis(String field) {
        double number = number(field);
        if (number < 0 || number > MILLIS_MAX) {
            throw new IllegalArgumentException(
                    field + " " + json.path(field) + ": want milliseconds, 0 to " + MILLIS_MAX);
        }
        return Duration.ofMillis((long) number);
    }

    /// The same as [#read] takes it.
    public static ObjectNode write(FaultRule rule) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("name", rule.name()).put("fault", rule.fault().kind());
        write(rule.fault(), json);
        json.put("action", rule.action()).put("caller", rule.caller()).put("chance", rule.chance());
        rule.times().ifPresent(times -> json.put("times", times));
        rule.lasts().ifPresent(lasts -> json.put("lastsMillis", lasts.toMillis()));
        return json;
    }

    private static void write(Fault fault, ObjectNode json) {
        switch (fault) {
            case Fault.Refuse(String code) -> json.put("code", code);
            case Fault.Slow(DurationRange span) -> write(span, json);
            case Fault.LoseRequest _, Fault.LoseAnswer _, Fault.ImdsDown _, Fault.ImdsStale _ -> {}
            case Fault.Partial(int percent) -> json.put("percent", percent);
            case Fault.StaleView(Duration age) -> json.put("millis", age.toMillis());
            case Fault.AttachDelay(DurationRange span) -> write(span, json);
            case Fault.DetachDelay(DurationRange span) -> write(span, json);
            case Fault.LinkDelay(DurationRange span) -> write(span, json);
            case Fault.OtherClient(double share) -> json.put("share", share);
            case Fault.ImdsStatus(int status) -> json.put("status", status);
            case Fault.ImdsTimeout(Duration silence) -> json.put("millis", silence.toMillis());
            case Fault.ImdsLag(Duration age) -> json.put("millis", age.toMillis());
        }
    }

    private static void write(DurationRange span, ObjectNode json) {
        if (span.min().equals(span.max())) {
            json.put("millis", span.min().toMillis());
        } else {
            json.put("minMillis", span.min().toMillis())
                    .put("maxMillis", span.max().toMillis());
        }
    }
}
