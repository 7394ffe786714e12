package io.vpceni.lab.machine;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Everything that a lab puts on the machine: a directory below `/run/vpc-eni-lab`, network namespaces whose names
/// begin with `vpl-<lab>-`, and processes. Closing it takes all of it away; so does [#eraseAbandoned] after a `kill
/// -9`.
///
/// Thread-safe: [#close] may come from a shutdown hook while the lab is still being built; the builder then fails.
public final class LabResources implements AutoCloseable {
    /// Where labs write down what they own.
    public static final Path ROOT = Path.of("/run/vpc-eni-lab");

    private static final Pattern NAME =
            Pattern.compile("[a-z][a-z0-9]{0,11}"); // no '-': names of namespaces stay apart
    /// Directories that belong to the process whose id is in the name.
    private static final Pattern OF_PROCESS = Pattern.compile("[a-z]+-([0-9]+)-.*");

    private static final String OWNER = "owner";
    private static final String PROCESSES = "processes";
    private static final Duration END_MAX = Duration.ofSeconds(10); // after SIGKILL, on a busy machine

    private final Path root;
    private final String lab;
    private final Deque<Ending> endings = new ArrayDeque<>();
    private final ReentrantLock closing = new ReentrantLock();
    private boolean closed;

    /// What must be told to end before its traces are erased.
    @FunctionalInterface
    public interface Ending {
        void run() throws IOException;
    }

    private LabResources(Path root, String lab) {
        this.root = root;
        this.lab = lab;
    }

    /// Makes this process the owner of the lab of that name, after the traces of labs whose owner died are erased.
    ///
    /// @param lab up to 12 lower-case letters and digits
    /// @throws IOException also when a lab of that name runs
    public static LabResources claim(Path root, String lab) throws IOException {
        requireName(lab);
        eraseAbandoned(root);
        Files.createDirectories(root);
        ProcessMark self = ProcessMark.of(ProcessHandle.current().pid()).orElseThrow();
        Path draft = Files.createDirectory(
                root.resolve("draft-" + self.pid() + "-" + lab),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Files.writeString(draft.resolve(OWNER), self + "\n");
            Files.move(draft, root.resolve(lab), StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            deleteTree(draft);
            throw new IOException(
                    "a lab named '" + lab + "' runs already: './lab down' ends it, or choose another --name", e);
        }
        return new LabResources(root, lab);
    }

    /// @throws IOException with the rule, when no lab can have that name
    public static void requireName(String lab) throws IOException {
        if (!NAME.matcher(lab).matches()) {
            throw new IOException("'" + lab
                    + "' cannot name a lab: want a lower-case letter, then up to 11 lower-case letters and digits");
        }
    }

    /// Takes away what labs left whose owner is no more.
    ///
    /// @return their names
    public static List<String> eraseAbandoned(Path root) throws IOException {
        List<String> erased = new ArrayList<>();
        for (Path directory : entries(root)) {
            String name = directory.getFileName().toString();
            Matcher ofProcess = OF_PROCESS.matcher(name);
            if (ofProcess.matches()) {
                if (ProcessMark.of(Long.parseLong(ofProcess.group(1))).isEmpty()) {
                    deleteTree(directory);
                }
            } else if (NAME.matcher(name).matches() && !ownerRuns(directory)) {
                new LabResources(root, name).erase();
                erased.add(name);
            }
        }
        if (entries(root).isEmpty()) {
            Files.deleteIfExists(root);
        }
        return erased;
    }

    /// Names of the labs whose owner process runs, in order.
    public static List<String> running(Path root) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path directory : entries(root)) {
            String name = directory.getFileName().toString();
            if (NAME.matcher(name).matches() && ownerRuns(directory)) {
                names.add(name);
            }
        }
        return names;
    }

    public String lab() {
        return lab;
    }

    /// The lab's own directory, readable by root only; deleted when this is closed.
    public Path directory() {
        return root.resolve(lab);
    }

    /// Makes a network namespace `vpl-<lab>-<role>` with its loopback up.
    public synchronized Namespace namespace(String role) throws IOException {
        requireOpen();
        Namespace namespace = new Namespace(prefix() + role);
        Program.of("ip", "netns", "add", namespace.name()).run();
        namespace.ip("link set lo up\n");
        return namespace;
    }

    /// Takes away one namespace and ends what runs in it. Gone already is fine: a lab that is interrupted is
    /// taken down while an ADD that failed clears up.
    public synchronized void remove(Namespace namespace) throws IOException {
        if (!Files.exists(Namespace.DIRECTORY.resolve(namespace.name()))) {
            return;
        }
        end(namespace.processes());
        Program.of("ip", "netns", "del", namespace.name()).run();
    }

    /// Starts a process that is ended with the lab, whatever becomes of this one.
    public synchronized Process start(ProcessBuilder builder) throws IOException {
        requireOpen();
        Process process = builder.start();
        Optional<ProcessMark> mark = ProcessMark.of(process.pid());
        if (mark.isPresent()) {
            Files.writeString(
                    directory().resolve(PROCESSES),
                    mark.get() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return process;
    }

    /// Runs this when the resources are closed, before anything is deleted; the last registered runs first.
    public synchronized void endWith(Ending ending) throws IOException {
        requireOpen();
        endings.push(ending);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("lab " + lab + " is being taken down");
        }
    }

    /// Idempotent; whoever comes second waits for the first. The endings run without the monitor: they may work on
    /// threads of their own, which take namespaces away.
    @Override
    public void close() throws IOException {
        closing.lock();
        try {
            if (beginToClose()) {
                List<IOException> failures = new ArrayList<>();
                for (Ending ending : endings) {
                    try {
                        ending.run();
                    } catch (IOException e) {
                        failures.add(e);
                    }
                }
                erase();
                if (!failures.isEmpty()) {
                    throw failures.getFirst();
                }
            }
        } finally {
            closing.unlock();
        }
    }

    /// From now on nothing is made or registered any more.
    private synchronized boolean beginToClose() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    private String prefix() {
        return "vpl-" + lab + "-";
    }

    private void erase() throws IOException {
        List<Long> pids = new ArrayList<>();
        Path processes = directory().resolve(PROCESSES);
        if (Files.exists(processes)) {
            for (String line : Files.readAllLines(processes)) {
                ProcessMark mark = ProcessMark.parse(line);
                if (mark.alive()) {
                    pids.add(mark.pid());
                }
            }
        }
        end(pids);
        for (Path path : entries(Namespace.DIRECTORY)) {
            String name = path.getFileName().toString();
            if (name.startsWith(prefix())) {
                remove(new Namespace(name));
            }
        }
        deleteTree(directory());
        if (entries(root).isEmpty()) {
            Files.deleteIfExists(root);
        }
    }

    private static void end(List<Long> pids) throws IOException {
        List<ProcessHandle> ended = new ArrayList<>();
        for (long pid : pids) {
            if (pid != ProcessHandle.current().pid()) {
                ProcessHandle.of(pid).filter(ProcessHandle::destroyForcibly).ifPresent(ended::add);
            }
        }
        for (ProcessHandle process : ended) {
            try {
                ProcessHandle _ = process.onExit().get(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("process " + process.pid() + " does not end", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while process " + process.pid() + " ends", e);
            }
        }
    }

    private static boolean ownerRuns(Path directory) throws IOException {
        try {
            return ProcessMark.parse(Files.readString(directory.resolve(OWNER))).alive();
        } catch (NoSuchFileException _) {
            return false; // it was being erased: the owner file went with the rest
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
