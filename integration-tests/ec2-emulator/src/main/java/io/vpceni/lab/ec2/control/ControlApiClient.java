package io.vpceni.lab.ec2.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Asks the control API of an emulation in another process.
///
/// @param endpoint of a [ControlApi]
public record ControlApiClient(URI endpoint) {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    /// @param path with its query, such as `/calls?since=PT30S`
    /// @throws IOException with the API's message when it refuses
    public JsonNode ask(String method, String path) throws IOException {
        return ask(method, path, "");
    }

    /// @param body of the request, JSON
    public JsonNode ask(String method, String path, String body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve(path))
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build()) {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            JsonNode answer = new ObjectMapper().readTree(response.body());
            if (response.statusCode() != 200) {
                throw new IOException(answer.path("error").asText("HTTP status " + response.statusCode()));
            }
            return answer;
        } catch (ConnectException e) {
            throw new IOException(
                    "no embedded EC2 is controlled at " + endpoint + ": ./lab ec2 or ./lab up starts one", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking " + endpoint, e);
        }
    }
}
