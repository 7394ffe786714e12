package io.vpceni.ipamd.cni;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// `AttackedServer SOCKET`: serves until its stdin ends. Started by [ConnectionsTest] with the JVM options of ipamd.
final class AttackedServer {
    private AttackedServer() {}

    @SuppressWarnings("SystemOut") // its parent waits for it
    public static void main(String[] args) throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        Map<Connections.CloseReason, Integer> refused = new EnumMap<>(Connections.CloseReason.class);
        CniServer.Service service = request -> switch (first(request)) {
            case 'w' -> waiting(never);
            case 'r' -> answer(refused(refused));
            case 'h' -> answer(heap());
            default -> answer("hello");
        };
        try (CniServer server = CniServer.start(
                Path.of(args[0]),
                service,
                reason -> {
                    synchronized (refused) {
                        refused.merge(reason, 1, Integer::sum);
                    }
                },
                System::nanoTime)) {
            System.out.println("serving " + server.isThere());
            int _ = System.in.read();
        }
        System.exit(0);
    }

    private static char first(CniRequest request) {
        return request.getStdin().isEmpty() ? ' ' : (char) request.getStdin().byteAt(0);
    }

    private static CniAnswer waiting(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return CniAnswer.getDefaultInstance();
    }

    private static String refused(Map<Connections.CloseReason, Integer> refused) {
        synchronized (refused) {
            return refused.toString();
        }
    }

    private static String heap() {
        System.gc();
        Runtime jvm = Runtime.getRuntime();
        return (jvm.totalMemory() - jvm.freeMemory()) / 1024 + " KiB";
    }

    private static CniAnswer answer(String text) {
        return CniAnswer.newBuilder().setStdout(ByteString.copyFromUtf8(text)).build();
    }
}
