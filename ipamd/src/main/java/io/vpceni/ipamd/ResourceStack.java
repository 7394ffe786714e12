package io.vpceni.ipamd;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The resources that a stage has opened. They are closed in reverse order; a failure of one does not keep the others
/// open.
final class ResourceStack implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResourceStack.class);

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /// A stage's start.
    interface Start<T> {
        /// @param opened takes what the stage opens
        T with(ResourceStack opened) throws IOException, InterruptedException;
    }

    /// Starts a stage. When that fails, what it had opened is closed again.
    static <T> T start(Start<T> stage) throws IOException, InterruptedException {
        ResourceStack opened = new ResourceStack();
        try {
            return stage.with(opened);
        } catch (IOException | InterruptedException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    <T extends AutoCloseable> T add(T resource) {
        resources.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!resources.isEmpty()) {
            AutoCloseable last = resources.pop();
            try {
                last.close();
            } catch (Exception e) {
                log.atWarn()
                        .setCause(e)
                        .addKeyValue("what", last.getClass().getSimpleName())
                        .log("A part of ipamd could not be closed; ipamd closes the others");
            }
        }
    }
}
