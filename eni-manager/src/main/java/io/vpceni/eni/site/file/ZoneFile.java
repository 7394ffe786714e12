package io.vpceni.eni.site.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vpceni.config.file.RegularFile;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.site.ZoneNetwork;
import io.vpceni.eni.site.ZoneNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Custom networking as a JSON file (`VPC_ENI_ENI_CONFIG_FILE`), read again when it changes. Thread-safe.
///
/// ```json
/// {"eu-west-1a": {"subnet": "subnet-0a1b2c3d", "securityGroups": ["sg-0a1b2c3d"]}}
/// ```
///
/// `securityGroups` may be left out or empty: the primary ENI's then. A file that is unreadable or invalid is reported
/// once, and the last valid content stays in use.
public final class ZoneFile implements ZoneNetworks {

    private static final Logger log = LoggerFactory.getLogger(ZoneFile.class);

    private static final int BYTES_MAX = 256 * 1024;

    private static final int GROUPS_MAX = 16;

    private static final Set<String> KEYS = Set.of("subnet", "securityGroups");

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// Identifies a version of the file; each version of a ConfigMap is another file.
    private record Version(
            @Nullable FileTime changed,
            long bytes,
            @Nullable Object file) {}

    private static final Version NONE = new Version(null, -1, null);

    private final Path path;

    private Map<String, ZoneNetwork> zones = Map.of();

    private @Nullable Version read;

    private String problem = "";

    public ZoneFile(Path path) {
        this.path = path;
    }

    @Override
    public synchronized Optional<ZoneNetwork> in(String zone) {
        try {
            Version now = version();
            if (!now.equals(read)) {
                read = now;
                zones = parsed();
                log.atInfo()
                        .addKeyValue("file", path)
                        .addKeyValue("zones", zones.keySet())
                        .log("Custom networking was read");
            }
            problem = "";
        } catch (NoSuchFileException _) {
            report("there is no such file");
        } catch (IOException | IllegalArgumentException e) {
            report(String.valueOf(e.getMessage()));
        }
        return Optional.ofNullable(zones.get(zone));
    }

    private void report(String cause) {
        if (!cause.equals(problem)) {
            problem = cause;
            log.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", cause)
                    .log("The custom networking file cannot be read; the last valid content stays in use, and the "
                            + "file is read again when it changes");
        }
    }

    private Version version() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return new Version(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (NoSuchFileException e) {
            return NONE;
        }
    }

    private Map<String, ZoneNetwork> parsed() throws IOException {
        JsonNode all = JSON.readTree(RegularFile.read(path, RegularFile.SymbolicLinks.FOLLOWED, BYTES_MAX));
        if (all == null || !all.isObject()) {
            throw new IllegalArgumentException("want an object, by availability zone");
        }
        Map<String, ZoneNetwork> found = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> zone : all.properties()) {
            found.put(zone.getKey(), network(zone.getKey(), zone.getValue()));
        }
        return Map.copyOf(found);
    }

    private static ZoneNetwork network(String zone, JsonNode said) {
        for (Map.Entry<String, JsonNode> field : said.properties()) {
            if (!KEYS.contains(field.getKey())) {
                throw new IllegalArgumentException(zone + ": want subnet and securityGroups, not " + field.getKey());
            }
        }
        List<String> groups = new ArrayList<>();
        JsonNode list = said.path("securityGroups");
        if (!list.isMissingNode() && (!list.isArray() || list.size() > GROUPS_MAX)) {
            throw new IllegalArgumentException(zone + ": securityGroups: want a list of up to " + GROUPS_MAX);
        }
        for (JsonNode group : list) {
            groups.add(id(zone, "securityGroups", group, "sg-"));
        }
        return new ZoneNetwork(new SubnetId(id(zone, "subnet", said.path("subnet"), "subnet-")), groups);
    }

    private static String id(String zone, String key, JsonNode said, String prefix) {
        if (!said.isTextual() || !said.textValue().matches(prefix + "[0-9a-zA-Z-]{1,64}")) {
            throw new IllegalArgumentException(zone + ": " + key + ": want an id that begins with " + prefix);
        }
        return said.textValue();
    }
}
