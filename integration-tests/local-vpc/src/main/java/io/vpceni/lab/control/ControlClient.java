package io.vpceni.lab.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Sends questions to the process that holds a lab.
///
/// @param socket of that process
public record ControlClient(Path socket) {
    /// Connects to the lab of that name.
    ///
    /// @throws IOException when the lab is not up; the message names those that are
    public static ControlClient of(Path root, String lab) throws IOException {
        Path socket = root.resolve(lab).resolve(ControlServer.SOCKET);
        if (!Files.exists(socket)) {
            List<String> running = LabResources.running(root);
            throw new IOException("no lab named '" + lab + "' is up: "
                    + (running.isEmpty() ? "./lab up starts one" : "running are " + String.join(", ", running)));
        }
        return new ControlClient(socket);
    }

    public static boolean answers(Path root, String lab) {
        return Files.exists(root.resolve(lab).resolve(ControlServer.SOCKET));
    }

    /// @throws IOException when the lab could not do it; the message is the lab's
    public JsonNode ask(String verb, Map<String, String> with) throws IOException {
        return ask(verb, with, _ -> {});
    }

    /// @param progress takes each line of progress
    /// @throws IOException when the lab could not do it; the message is the lab's
    public JsonNode ask(String verb, Map<String, String> with, Consumer<String> progress) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode question = json.createObjectNode().put("do", verb);
        with.forEach(question::put);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Lines lines = new Lines(channel);
            lines.write(question.toString());
            JsonNode answer = json.readTree(line(lines));
            while (answer.has("progress")) {
                progress.accept(answer.path("progress").asText());
                answer = json.readTree(line(lines));
            }
            if (!answer.path("ok").asBoolean()) {
                throw new IOException(answer.path("error").asText());
            }
            return answer;
        }
    }

    private static String line(Lines lines) throws IOException {
        return lines.read()
                .orElseThrow(() -> new IOException("the lab hung up: './lab list' shows whether it still runs"));
    }
}
