package io.vpceni.lab.cli;

import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.ec2.control.ControlApiClient;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/// Selects the emulation for a command: a named one, that of a lab that is up, or `./lab ec2` on this machine.
final class ControlOptions {
    /// Of the control API of `./lab ec2`.
    static final int PORT = 4581;

    private static final String LAB = "lab";

    @Option(
            names = "--name",
            scope = ScopeType.INHERIT,
            paramLabel = "LAB",
            description = "the EC2 of that lab (default: of the lab '" + LAB + "' if it is up, else of ./lab ec2)")
    private @Nullable String lab;

    @Option(
            names = "--control",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "the control API at that address")
    private @Nullable URI control;

    /// The selected emulation.
    ///
    /// @param name in a few words, for people: `the EC2 of lab 'lab'`
    record Target(ControlApiClient api, String name) {
        static Target at(URI control) {
            return new Target(new ControlApiClient(control), "the emulation at " + control.getAuthority());
        }
    }

    /// @throws IOException if a lab is named that is not up, or that has no embedded EC2
    Target target() throws IOException {
        if (control != null) {
            return Target.at(control);
        }
        if (lab != null || ControlClient.answers(LabResources.ROOT, LAB)) {
            String name = Objects.requireNonNullElse(lab, LAB);
            String uri = ControlClient.of(LabResources.ROOT, name)
                    .ask("ec2", Map.of())
                    .path("control")
                    .asText();
            return new Target(new ControlApiClient(URI.create(uri)), "the EC2 of lab '" + name + "'");
        }
        return Target.at(URI.create("http://127.0.0.1:" + PORT));
    }

    /// `250ms`, `2s`, `5m`, `1h`.
    static final class DurationWord implements ITypeConverter<Duration> {
        private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

        @Override
        public Duration convert(String text) {
            Matcher parts = SHAPE.matcher(text.toLowerCase(Locale.ROOT));
            if (!parts.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no duration: want one such as 250ms, 2s, 5m or 1h");
            }
            long number = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
    }
}
