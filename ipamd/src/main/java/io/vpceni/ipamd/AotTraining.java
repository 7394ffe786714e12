package io.vpceni.ipamd;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/// `AotTraining JAR CLASS`: runs the `main` of a class that is not on the class path, in the JVM that writes the
/// ahead-of-time cache. The cache is only used by a JVM with the same class path, so what the training run needs beside
/// ipamd must not be on it: it is loaded here by a loader of its own, and nothing of it gets into the cache.
public final class AotTraining {
    private AotTraining() {}

    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        URL[] jar = {url(args[0])};
        try (URLClassLoader training = new URLClassLoader(jar, AotTraining.class.getClassLoader())) {
            training.loadClass(args[1]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }

    private static URL url(String jar) throws MalformedURLException {
        return Path.of(jar).toUri().toURL();
    }
}
